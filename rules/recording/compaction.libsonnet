{
  prometheusRules+:: {
    groups+: [{
      name: 'etcd-headroom-compaction',
      rules: [
        // compact_rev_key holds what Kubernetes asked for; where etcd compacts by itself too, it proves nothing.
        {
          record: 'cluster:etcd_headroom_compact_revision:max',
          expr: |||
            max by (%(cluster)s) (
              etcd_headroom_compact_revision%(selector)s
              unless on (%(cluster)s, instance, member) (
                etcd_headroom_compact_revision_source_info{source="compact_rev_key"%(andSelector)s}
                and on (%(cluster)s) (
                  etcd_headroom_auto_compaction_retention_seconds%(selector)s > 0
                  or
                  etcd_headroom_manifest_info{auto_compaction_mode="revision"%(andSelector)s}
                )
              )
            )
          ||| % $._config,
        },
        {
          record: 'cluster:etcd_headroom_revision:max',
          expr: 'max by (%(cluster)s) (etcd_headroom_revision%(selector)s)' % $._config,
        },
        // When the compacted revision was last seen to move, or else when it was first seen.
        {
          record: 'cluster:etcd_headroom_compaction_moved_timestamp_seconds:max',
          expr: |||
            0 * cluster:etcd_headroom_compact_revision:max + time()
              and cluster:etcd_headroom_compact_revision:max != last_over_time(cluster:etcd_headroom_compact_revision:max[1h] offset 1m)
            or
            last_over_time(cluster:etcd_headroom_compaction_moved_timestamp_seconds:max[1h])
              and last_over_time(cluster:etcd_headroom_compact_revision:max[1h])
            or
            0 * cluster:etcd_headroom_compact_revision:max + time()
          ||| % $._config,
        },
        {
          record: 'cluster:etcd_headroom_compaction_age_seconds:min',
          expr: 'time() - cluster:etcd_headroom_compaction_moved_timestamp_seconds:max' % $._config,
        },
        // A sample only where a gap between two compactions ended, and was seen to its end.
        {
          record: 'cluster:etcd_headroom_compaction_gap_seconds',
          expr: |||
            cluster:etcd_headroom_compaction_moved_timestamp_seconds:max - last_over_time(cluster:etcd_headroom_compaction_moved_timestamp_seconds:max[1h] offset 1m) > 0
            and last_over_time(cluster:etcd_headroom_compact_revision:max[5m] offset 1m)
          ||| % $._config,
        },
        // The usual time between two compactions: the longest of the last day, never under the API server's 5 minutes nor what
        // etcd is told to keep.
        {
          record: 'cluster:etcd_headroom_compaction_interval_seconds:max',
          expr: |||
            max by (%(cluster)s) (
              label_replace(max_over_time(cluster:etcd_headroom_compaction_gap_seconds[1d]), "from", "seen", "", "")
              or
              label_replace(etcd_headroom_auto_compaction_retention_seconds%(selector)s, "from", "configured", "", "")
              or
              0 * cluster:etcd_headroom_compact_revision:max + 5 * 60
            )
          ||| % $._config,
        },
        // Compaction has not come for so long, and three times that is not usual. Only while writes are seen: an exporter that is
        // silent sees no compaction either.
        {
          record: 'cluster:etcd_headroom_compaction_stalled_seconds:min',
          expr: |||
            cluster:etcd_headroom_compaction_age_seconds:min > 3 * cluster:etcd_headroom_compaction_interval_seconds:max
            and cluster:etcd_headroom_revision:max > last_over_time(cluster:etcd_headroom_revision:max[10m] offset 10m)
          ||| % $._config,
        },
        // What was written since the last compaction may all be history: a horizon of in-use has to have a compaction within it,
        // unless none is to be expected any more.
        {
          record: 'cluster:etcd_headroom_shortest_horizon_seconds:min',
          labels: { of: 'in_use' },
          expr: |||
            cluster:etcd_headroom_compaction_age_seconds:min
            unless cluster:etcd_headroom_compaction_stalled_seconds:min
          ||| % $._config,
        },
        // How long this cluster has been watched.
        {
          record: 'cluster:etcd_headroom_history_start_timestamp_seconds:min',
          expr: |||
            last_over_time(cluster:etcd_headroom_history_start_timestamp_seconds:min[1d])
              and last_over_time(cluster:etcd_headroom_revision:max[1d])
            or
            0 * cluster:etcd_headroom_revision:max + time()
          ||| % $._config,
        },
        {
          record: 'cluster:etcd_headroom_history_seconds:max',
          expr: 'time() - cluster:etcd_headroom_history_start_timestamp_seconds:min' % $._config,
        },
        // And where compaction is rarer than the peaks of a quarter of an hour, a whole interval has to be seen before it begins.
        {
          record: 'cluster:etcd_headroom_longest_horizon_seconds:max',
          labels: { of: 'in_use' },
          expr: |||
            cluster:etcd_headroom_history_seconds:max
            - (cluster:etcd_headroom_compaction_interval_seconds:max > 15 * 60)
          ||| % $._config,
        },
        // How much in-use falls, an hour's largest: history thrown away.
        {
          record: 'cluster:etcd_headroom_history_bytes:max1h',
          expr: |||
            max by (%(cluster)s) (max_over_time(fill:etcd_headroom_used_bytes:max15m{of="in_use"}[1h]))
            -
            min by (%(cluster)s) (min_over_time(fill:etcd_headroom_used_bytes{of="in_use"}[1h]))
          ||| % $._config,
        },
      ],
    }],
  },
}
