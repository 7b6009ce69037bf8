{
  prometheusAlerts+:: {
    groups+: [{
      name: 'etcd-headroom-alerts-history',
      rules: [
        // By time, never by the distance of revisions. An etcd that takes no writes needs no compaction.
        $._alert('CompactionStalled', 'warning', {
          expr: 'cluster:etcd_headroom_compaction_stalled_seconds:min > 0',
          summary: 'does not compact',
          description: 'The compacted revision has not moved for {{ $value | humanizeDuration }}, three times its usual gap, while writes go ' +
                       'on: every one of them stays stored. ' +
                       $._text.writers,
        }),
        $._alert('CompactionStalled', 'critical', {
          expr: |||
            cluster:etcd_headroom_compaction_stalled_seconds:min > 0
            and on (%(cluster)s) cluster:etcd_headroom_time_to_quota_seconds:min < 4 * 3600
          ||| % $._config,
          summary: 'does not compact and is full in {{ range ' + $._text.query('cluster:etcd_headroom_time_to_quota_seconds:min') +
                   ' }}{{ .Value | humanizeDuration }}{{ else }}hours{{ end }}',
          description: 'The compacted revision has not moved for {{ $value | humanizeDuration }}, three times its usual gap, and at the present ' +
                       'growth a member reaches its quota within 4 hours. ' +
                       $._text.writers,
        }),
        // A stalled reader of a snapshot. Both lows of a quarter of an hour, so that compaction would show.
        $._alert('ReadPinsPages', 'warning', {
          expr: |||
            member:etcd_headroom_read_open_seconds:max >= 30 * 60
            and on (%(cluster)s, member)
              min_over_time(member:etcd_headroom_db_in_use_bytes:max[15m]) > min_over_time(member:etcd_headroom_db_in_use_bytes:max[15m] offset 30m)
          ||| % $._config,
          keep_firing_for: '30m',
          summary: 'member {{ $labels.member }} has a read open that keeps pages from being used again',
          description: 'A read transaction has been open on {{ $labels.member }} for at least {{ $value | humanizeDuration }}, and in-use rises: a ' +
                       'snapshot or a backup that stalls. Pages that compaction frees stay unusable until it ends. Deleting frees nothing, and ' +
                       'a defragmentation blocks the member until the read is gone. {{ with ' +
                       $._text.query('cluster:etcd_headroom_db_pinned_bytes:max') + ' }}{{ with first . }}Pinned so far: {{ .Value | humanize1024 }}B.{{ end }}{{ end }} ' +
                       $._text.writers,
        }),
        // Hour after hour in-use falls by a quarter of the quota.
        $._alert('HistoryPressure', 'warning', {
          expr: 'min_over_time(cluster:etcd_headroom_history_bytes:max1h[3h]) > on (%(cluster)s) 0.25 * cluster:etcd_headroom_quota_bytes:min' % $._config,
          'for': '3h',
          summary: 'keeps much history between compactions',
          description: '{{ $value | humanize1024 }}B, over a quarter of the quota, is history that each compaction throws away and the next ' +
                       'writes bring back. ' +
                       $._text.writers,
        }),
        // Near the quota the peak of an hour is proof enough. Further from it a nightly batch may need those pages again: the
        // peak of a day, once a day has been seen.
        $._alert('DefragmentationHelps', 'warning', {
          expr: |||
            (
              member:etcd_headroom_reclaimable_bytes:min > 0.25 * member:etcd_headroom_quota_bytes:min
              and on (%(cluster)s, member) member:etcd_headroom_db_size_bytes:max > 0.9 * member:etcd_headroom_quota_bytes:min
              or
              member:etcd_headroom_reclaimable_bytes:min1d > 0.25 * member:etcd_headroom_quota_bytes:min
              and on (%(cluster)s, member) member:etcd_headroom_db_size_bytes:max > 0.8 * member:etcd_headroom_quota_bytes:min
            )
            unless on (%(cluster)s) cluster:etcd_headroom_alarm_active:max{alarm=~"NOSPACE|CORRUPT"} == 1
            unless on (%(cluster)s, member) member:etcd_headroom_read_open_seconds:max >= 5 * 60
          ||| % $._config,
          'for': '10m',
          summary: 'member {{ $labels.member }} would shrink by a defragmentation',
          description: 'The file of {{ $labels.member }} is over 80 % of the quota, and {{ $value | humanize1024 }}B of it were free even at ' +
                       'its fullest. {{ range ' +
                       $._text.query('member:etcd_headroom_data_disk_free_bytes:min', ['member'], rest=' < member:etcd_headroom_db_in_use_bytes:max') +
                       ' }}First make room ' +
                       'on its disk: {{ .Value | humanize1024 }}B are free, less than a defragmentation needs. {{ end }}' +
                       $._text.writers,
        }),
        // Only where the file is walked.
        $._alert('DefragmentationIsNoHelp', 'warning', {
          expr: 'cluster:etcd_headroom_stored_bytes:max > on (%(cluster)s) 0.8 * cluster:etcd_headroom_quota_bytes:min' % $._config,
          'for': '30m',
          summary: 'is full of data: a defragmentation would not help',
          description: '{{ $value | humanize1024 }}B of live data and history, read from the file itself, are over 80 % of the quota: something ' +
                       'has to be deleted, or the quota raised. ' +
                       $._text.writers,
        }),
      ],
    }],
  },
}
