{
  prometheusAlerts+:: {
    groups+: [{
      name: 'etcd-headroom-alerts-refused',
      rules: [
        // The alarm, bridged over 15 minutes of silence: an etcd that answers seldom gives one page, not many. It fires until the alarm
        // is disarmed: writes are refused until then.
        $._alert('WritesRefused', 'critical', {
          expr: 'cluster:etcd_headroom_alarm_active:max{alarm="NOSPACE"} == 1',
          summary: 'refuses every write: NOSPACE is armed',
          description: 'The database reached its space quota and etcd refuses every write of the cluster until space is made and the alarm ' +
                       'disarmed. Kubernetes cannot schedule, finish deletions or compact meanwhile. ' +
                       $._text.reads +
                       $._text.writers,
        }),
        // Part of the same incident: what is left to do. Only when every member of the member list is seen, and none is near its quota.
        $._alert('DisarmMissing', 'critical', {
          expr: |||
            cluster:etcd_headroom_alarm_active:max{alarm="NOSPACE"} == 1
            and on (%(cluster)s) cluster:etcd_headroom_space_is_back:bool == 1
          ||| % $._config,
          // A correct disarm is seen an evaluation late in places.
          'for': '1m',
          summary: 'has space again but still refuses every write: disarm NOSPACE',
          description: 'Every member is below 90 % of its quota and CORRUPT is not armed. NOSPACE never clears by itself: disarming it is all ' +
                       'that is missing. ' +
                       $._text.writers,
        }),
        // Takes the place of the pages for a full etcd when nothing is left to fire them: they go with the last answer.
        $._alert('SilentWhenFull', 'critical', {
          expr: |||
            cluster:etcd_headroom_silent_when_full_seconds:max > 0
            unless on (%(cluster)s) cluster:etcd_headroom_alarm_active:max{alarm="NOSPACE"} == 1
          ||| % $._config,
          summary: 'was full when it was last seen, and does not answer',
          description: "A member's file was over 97 % of its quota, or NOSPACE was armed, {{ $value | humanizeDuration }} ago. Nothing has been " +
                       'heard of it since: the silence is no recovery. ' +
                       $._text.writersBefore,
        }),
        $._alert('Corrupt', 'critical', {
          expr: 'cluster:etcd_headroom_alarm_active:max{alarm="CORRUPT"} == 1' % $._config,
          summary: 'has the CORRUPT alarm armed',
          description: "A member's data differ from the others'. Do not disarm, compact or defragment: find the member and replace it. " +
                       $._text.writers,
        }),
      ],
    }],
  },
}
