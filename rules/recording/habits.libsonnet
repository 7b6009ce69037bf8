{
  prometheusRules+:: {
    groups+: [{
      name: 'etcd-headroom-habits',
      interval: '2m',
      rules: [
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
      ],
    }],
  },
}
