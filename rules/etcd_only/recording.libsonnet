{
  etcdOnly+:: {
    groups+: [{
      name: 'etcd-only-forecast',
      rules: [
        // The worst member's in-use against the smallest quota, and each member's file against its own. A member counts once it has
        // been there for ten minutes.
        {
          record: 'fill:etcd_only_used_bytes',
          labels: { of: 'in_use' },
          expr: |||
            max by (%(cluster)s) (
              etcd_mvcc_db_total_size_in_use_in_bytes%(etcdSelector)s and etcd_mvcc_db_total_size_in_use_in_bytes%(etcdSelector)s offset 10m
            )
          ||| % $._config,
        },
        {
          record: 'fill:etcd_only_used_bytes',
          labels: { of: 'file' },
          expr: |||
            max by (%(cluster)s, instance) (
              etcd_mvcc_db_total_size_in_bytes%(etcdSelector)s and etcd_mvcc_db_total_size_in_bytes%(etcdSelector)s offset 10m
            )
          ||| % $._config,
        },
        {
          record: 'fill:etcd_only_quota_bytes:min',
          labels: { of: 'in_use' },
          expr: 'min by (%(cluster)s) (last_over_time(etcd_server_quota_backend_bytes%(etcdSelector)s[15m]) > 0)' % $._config,
        },
        {
          record: 'fill:etcd_only_quota_bytes:min',
          labels: { of: 'file' },
          expr: 'min by (%(cluster)s, instance) (last_over_time(etcd_server_quota_backend_bytes%(etcdSelector)s[15m]) > 0)' % $._config,
        },
        {
          record: 'fill:etcd_only_used_bytes:max15m',
          expr: 'max_over_time(fill:etcd_only_used_bytes[15m])' % $._config,
        },
        {
          record: 'fill:etcd_only_used_bytes:max1h',
          expr: 'max_over_time(fill:etcd_only_used_bytes:max15m[1h])' % $._config,
        },
        // What the last day has seen: growth below that is a sawtooth, a daily load, or a file on its way back.
        {
          record: 'cluster:etcd_only_known_bytes:max1d',
          expr: 'max by (%(cluster)s) (max_over_time(fill:etcd_only_used_bytes:max1h{of="in_use"}[1d:30m]))' % $._config,
        },
        {
          record: 'fill:etcd_only_room_bytes:min',
          expr: 'clamp_min(fill:etcd_only_quota_bytes:min - fill:etcd_only_used_bytes:max15m, 0)' % $._config,
        },
        // When a cluster was last seen with a file over 97 % of its quota; 0 when one of it is scraped and none is.
        {
          record: 'cluster:etcd_only_last_full_timestamp_seconds:max',
          expr: |||
            max by (%(cluster)s) (
              max by (%(cluster)s, instance) (etcd_mvcc_db_total_size_in_bytes%(etcdSelector)s) > bool on (%(cluster)s, instance) 0.97 * fill:etcd_only_quota_bytes:min{of="file"}
            ) * time()
          ||| % $._config,
        },
        // Growth over several horizons: over the first quarter, the whole and the last quarter, the least of them.
      ] + std.flattenArrays([
        [
          {
            record: 'fill:etcd_only_start_bytes:max',
            labels: { horizon: h.horizon },
            expr: |||
              fill:etcd_only_used_bytes:max15m offset %(horizon)s > on (%(cluster)s) group_left () cluster:etcd_only_known_bytes:max1d offset %(horizon)s
              or
              0 * fill:etcd_only_used_bytes:max15m offset %(horizon)s + on (%(cluster)s) group_left () cluster:etcd_only_known_bytes:max1d offset %(horizon)s
            ||| % ($._config + h),
          },
          {
            record: 'fill:etcd_only_growth_bytes:rate',
            labels: { horizon: h.horizon },
            expr: |||
              min by (%(cluster)s, of, instance) (
                label_replace((fill:etcd_only_used_bytes:max15m offset %(first)s - ignoring (horizon) fill:etcd_only_start_bytes:max{horizon="%(horizon)s"}) / %(end)d, "part", "first", "", "")
                or
                label_replace((fill:etcd_only_used_bytes:max15m - ignoring (horizon) fill:etcd_only_start_bytes:max{horizon="%(horizon)s"}) / %(seconds)d, "part", "whole", "", "")
                or
                label_replace((fill:etcd_only_used_bytes:max15m - fill:etcd_only_used_bytes:max15m offset %(last)s) / %(end)d and ignoring (horizon) fill:etcd_only_start_bytes:max{horizon="%(horizon)s"}, "part", "last", "", "")
              )
            ||| % ($._config + h),
          },
        ]
        for h in $._config.horizons
      ]) + [
        {
          record: 'fill:etcd_only_time_to_quota_seconds',
          expr: |||
            (fill:etcd_only_room_bytes:min < 0.75 * fill:etcd_only_quota_bytes:min)
            / ignoring (horizon) group_right ()
            (fill:etcd_only_growth_bytes:rate > 0)
          ||| % $._config,
        },
        {
          record: 'cluster:etcd_only_time_to_quota_seconds:min',
          expr: $._soonest('fill:etcd_only_time_to_quota_seconds', $._hours),
        },
      ],
    }],
  },
}
