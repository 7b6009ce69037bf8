local unknown = 'Top writer: unknown, etcd itself does not count by resource.';

{
  etcdOnly+:: {
    groups+: [{
      name: 'etcd-only-alerts',
      rules: [
        $._alert('WritesRefused', 'critical', {
          expr: |||
            max by (%(cluster)s) (
              max by (%(cluster)s, instance) (last_over_time(etcd_mvcc_db_total_size_in_bytes%(etcdSelector)s[15m])) / on (%(cluster)s, instance) fill:etcd_only_quota_bytes:min{of="file"}
            ) >= 1
          ||| % $._config,
          summary: 'refuses writes: a member is at its quota',
          description: "A member's file is {{ $value | humanizePercentage }} of its quota; etcd refuses every write of the cluster. " + unknown,
        }),
        // Of clusters that were seen full and of which nothing is scraped any more. Which member is down, etcd's metrics cannot say.
        $._alert('SilentWhenFull', 'critical', {
          expr: |||
            time() - (last_over_time(cluster:etcd_only_last_full_timestamp_seconds:max[6h]) > 0) > 10 * 60
            unless on (%(cluster)s) max by (%(cluster)s, instance) (last_over_time(etcd_mvcc_db_total_size_in_bytes%(etcdSelector)s[15m])) / on (%(cluster)s, instance) fill:etcd_only_quota_bytes:min{of="file"} >= 1
          ||| % $._config,
          summary: 'was full when it was last seen, and nothing of it is scraped',
          description: "A member's file was over 97 % of its quota {{ $value | humanizeDuration }} ago, and no member has been scraped since: " +
                       'the silence is no recovery. ' + unknown,
        }),
        $._alert('AlmostFull', 'critical', {
          expr: |||
            min by (%(cluster)s) (
              (fill:etcd_only_quota_bytes:min{of="file"} - on (%(cluster)s, instance) max by (%(cluster)s, instance) (etcd_mvcc_db_total_size_in_bytes%(etcdSelector)s)) <= on (%(cluster)s, instance) 0.0105 * fill:etcd_only_quota_bytes:min{of="file"}
              or
              (fill:etcd_only_quota_bytes:min{of="in_use"} - on (%(cluster)s) max by (%(cluster)s) (etcd_mvcc_db_total_size_in_use_in_bytes%(etcdSelector)s)) < on (%(cluster)s) 0.03 * fill:etcd_only_quota_bytes:min{of="in_use"}
            )
          ||| % $._config,
          keep_firing_for: '10m',
          summary: 'is about to refuse every write',
          description: '{{ $value | humanize1024 }}B are left before a member reaches its quota. ' + unknown,
        }),
        $._alert('FullWithinTheHour', 'critical', {
          expr: 'cluster:etcd_only_time_to_quota_seconds:min < %(pageWithin)s' % $._config,
          keep_firing_for: '10m',
          summary: 'is full in {{ $value | humanizeDuration }}',
          description: 'At the present growth a member reaches its quota in {{ $value | humanizeDuration }}. ' + unknown,
        }),
        $._alert('FullWithinADay', 'warning', {
          expr: 'cluster:etcd_only_time_to_quota_seconds:min < 24 * 3600' % $._config,
          keep_firing_for: '30m',
          summary: 'is full in {{ $value | humanizeDuration }}',
          description: 'At the present growth a member reaches its quota in {{ $value | humanizeDuration }}. ' + unknown,
        }),
        $._alert('CompactionStalled', 'warning', {
          expr: |||
            max by (%(cluster)s) (etcd_debugging_mvcc_compact_revision%(etcdSelector)s) == on (%(cluster)s) max by (%(cluster)s) (etcd_debugging_mvcc_compact_revision%(etcdSelector)s offset 30m)
            and on (%(cluster)s) max by (%(cluster)s) (etcd_debugging_mvcc_compact_revision%(etcdSelector)s) == on (%(cluster)s) max by (%(cluster)s) (etcd_debugging_mvcc_compact_revision%(etcdSelector)s offset 15m)
            and on (%(cluster)s) max by (%(cluster)s) (etcd_debugging_mvcc_current_revision%(etcdSelector)s) > on (%(cluster)s) max by (%(cluster)s) (etcd_debugging_mvcc_current_revision%(etcdSelector)s offset 30m)
            and on (%(cluster)s) max by (%(cluster)s) (etcd_debugging_mvcc_compact_revision%(etcdSelector)s offset 30m) != on (%(cluster)s) max by (%(cluster)s) (etcd_debugging_mvcc_compact_revision%(etcdSelector)s offset 60m)
          ||| % $._config,
          keep_firing_for: '1h',
          summary: 'does not compact',
          description: 'The compacted revision has not moved for half an hour, as it did before, while writes go on. ' + unknown,
        }),
        $._alert('DefragmentationHelps', 'warning', {
          expr: |||
            max by (%(cluster)s, instance) (etcd_mvcc_db_total_size_in_bytes%(etcdSelector)s)
            - on (%(cluster)s) group_left () max by (%(cluster)s) (fill:etcd_only_used_bytes:max1h{of="in_use"})
            > on (%(cluster)s, instance) 0.25 * fill:etcd_only_quota_bytes:min{of="file"}
            and on (%(cluster)s, instance) max by (%(cluster)s, instance) (etcd_mvcc_db_total_size_in_bytes%(etcdSelector)s) > on (%(cluster)s, instance) 0.8 * fill:etcd_only_quota_bytes:min{of="file"}
          ||| % $._config,
          'for': '30m',
          summary: 'member {{ $labels.instance }} would shrink by a defragmentation',
          description: 'The file is over 80 % of the quota, and {{ $value | humanize1024 }}B of it stay free even at the peak of an hour. ' + unknown,
        }),
      ],
    }],
  },
}
