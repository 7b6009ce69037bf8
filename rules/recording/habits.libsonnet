// What ordinary life looks like: the longest windows, most of them over hourly peaks only, and seldom.
{
  prometheusRules+:: {
    groups+: [{
      name: 'etcd-headroom-habits',
      interval: '2m',
      rules: [
        // Of clusters that compact by the hour: see fill.libsonnet.
        {
          record: 'cluster:etcd_headroom_slow_peak_bytes:max15m',
          expr: $._inUsePeak($._learner) + 'and on (%(cluster)s) cluster:etcd_headroom_compaction_interval_seconds:max > 15 * 60' % $._config,
        },
        {
          record: 'fill:etcd_headroom_used_bytes:max1h',
          expr: 'max_over_time(fill:etcd_headroom_cycle_peak_bytes:max[1h])' % $._config,
        },
        {
          record: 'fill:etcd_headroom_used_bytes:max1d',
          expr: 'max_over_time(fill:etcd_headroom_used_bytes:max1h[1d:30m])' % $._config,
        },
        // And free even at the peak of a whole day.
        {
          record: 'member:etcd_headroom_reclaimable_bytes:min1d',
          expr: |||
            member:etcd_headroom_db_size_bytes:max
            - max_over_time(member:etcd_headroom_peak_in_use_bytes:max1h[1d:30m])
            and last_over_time(member:etcd_headroom_peak_in_use_bytes:max1h[1h] offset 1d)
          ||| % $._config,
        },
        // The highest in-use of the last day, and of the coming day as it was a week ago.
        {
          record: 'cluster:etcd_headroom_known_bytes:max',
          expr: |||
            max by (%(cluster)s) (
              fill:etcd_headroom_used_bytes:max1d{of="in_use"}
              or
              label_replace(fill:etcd_headroom_used_bytes:max1d{of="in_use"} offset 6d, "of", "a week ago", "", "")
            )
          ||| % $._config,
        },
        {
          record: 'cluster:etcd_headroom_rise_bytes:max1h',
          expr: 'max_over_time(cluster:etcd_headroom_rise_bytes:max[1h])' % $._config,
        },
        {
          record: 'cluster:etcd_headroom_rise_bytes:max1d',
          expr: 'max_over_time(cluster:etcd_headroom_rise_bytes:max1h[1d:30m])' % $._config,
        },
        // The largest rise over each horizon on the day before (less the last four hours) and on this day a week ago.
        {
          record: 'cluster:etcd_headroom_habitual_rise_bytes:max',
          expr: |||
            max by (%(cluster)s, horizon) (
              cluster:etcd_headroom_rise_bytes:max1d offset 4h
              or
              label_replace(cluster:etcd_headroom_rise_bytes:max1d offset 6d, "of", "a week ago", "", "")
            )
          ||| % $._config,
        },
        {
          record: 'cluster:etcd_headroom_largest_rise_bytes:max1w',
          expr: 'max by (%(cluster)s) (max_over_time(cluster:etcd_headroom_rise_bytes:max1h{horizon="1h"}[1w:1h]))' % $._config,
        },
        // Whole GiB that hold the highest in-use of a week and its largest rise within an hour once more, a fifth of it left free.
        {
          record: 'cluster:etcd_headroom_advised_quota_bytes:max1w',
          expr: |||
            clamp_min(
              ceil(
                (
                  max by (%(cluster)s) (max_over_time(fill:etcd_headroom_used_bytes:max1d{of="in_use"}[1w:1d]))
                  + on (%(cluster)s) clamp_min(cluster:etcd_headroom_largest_rise_bytes:max1w, 0)
                ) / 0.8 / 1073741824
              ) * 1073741824,
              2147483648
            )
            and on (%(cluster)s) fill:etcd_headroom_used_bytes:max1d{of="in_use"} offset 6d
          ||| % $._config,
        },
        // The room before a burst that may just be on its way: from the lowest of two hours.
        {
          record: 'cluster:etcd_headroom_burst_room_bytes:min',
          expr: |||
            cluster:etcd_headroom_quota_bytes:min
            - on (%(cluster)s)
            min by (%(cluster)s) (min_over_time(fill:etcd_headroom_cycle_peak_bytes:max{of="in_use"}[2h]))
          ||| % $._config,
        },
        // For comparing members: voters only, a learner is still catching up.
        {
          record: 'member:etcd_headroom_voter_in_use_bytes:max15m',
          expr: |||
            max_over_time(member:etcd_headroom_db_in_use_bytes:max[15m])
            unless on (%(cluster)s, member) member:etcd_headroom_member_is_learner:max
          ||| % $._config,
        },
        // How much in-use falls, an hour's largest: history thrown away.
        {
          record: 'cluster:etcd_headroom_history_bytes:max1h',
          expr: |||
            max by (%(cluster)s) (
              max_over_time(member:etcd_headroom_db_in_use_bytes:max[1h]) - min_over_time(member:etcd_headroom_db_in_use_bytes:max[1h])
            )
          ||| % $._config,
        },
      ],
    }],
  },
}
