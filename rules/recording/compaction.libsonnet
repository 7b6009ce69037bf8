// Whether and how often history is thrown away.
{
  // compact_rev_key holds what Kubernetes asked for; where etcd compacts by itself too, it proves nothing.
  local newest(series) = |||
    max by (%(cluster)s) (
      %(series)s
      unless on (%(cluster)s, instance, member) (
        etcd_headroom_compact_revision_source_info{source="compact_rev_key"%(andSelector)s}
        and on (%(cluster)s) (
          etcd_headroom_auto_compaction_retention_seconds%(selector)s > 0
          or
          etcd_headroom_manifest_info{auto_compaction_mode="revision"%(andSelector)s}
        )
      )
    )
  ||| % ($._config { series: series % $._config }),

  prometheusRules+:: {
    groups+: [{
      name: 'etcd-headroom-compaction',
      rules: [
        {
          record: 'cluster:etcd_headroom_compact_revision:max',
          expr: newest('etcd_headroom_compact_revision%(selector)s'),
        },
        {
          record: 'cluster:etcd_headroom_revision:max',
          expr: 'max by (%(cluster)s) (etcd_headroom_revision%(selector)s)' % $._config,
        },
        // When an exporter last saw the compacted revision move. One that was restarted since does not know.
        {
          record: 'cluster:etcd_headroom_compaction_timestamp_seconds:max',
          expr: newest('last_over_time(etcd_headroom_compaction_timestamp_seconds%(selector)s[15m])'),
        },
        {
          record: 'cluster:etcd_headroom_compaction_age_seconds:min',
          expr: 'time() - cluster:etcd_headroom_compaction_timestamp_seconds:max',
        },
        // A sample for each gap between two compactions, when it ends.
        {
          record: 'cluster:etcd_headroom_compaction_gap_seconds',
          expr: |||
            max by (%(cluster)s) (etcd_headroom_compaction_timestamp_seconds%(selector)s)
            - max by (%(cluster)s) (etcd_headroom_compaction_timestamp_seconds%(selector)s offset 2m) > 0
          ||| % $._config,
        },
        // The usual time between two compactions: the longest of the last day, never under the API server's 5 minutes nor what
        // etcd is set to keep.
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
        // silent sees no compaction either. Where no exporter knows, as after a restart of all,
        // the revision of 20 minutes or 4 hours ago says that it has been as long at least.
        {
          record: 'cluster:etcd_headroom_compaction_stalled_seconds:min',
          expr: |||
            (
              cluster:etcd_headroom_compaction_age_seconds:min
              or
              0 * (cluster:etcd_headroom_compact_revision:max == cluster:etcd_headroom_compact_revision:max offset 4h) + 4 * 3600
              or
              0 * (cluster:etcd_headroom_compact_revision:max == cluster:etcd_headroom_compact_revision:max offset 20m) + 20 * 60
            )
            > 3 * cluster:etcd_headroom_compaction_interval_seconds:max
            and cluster:etcd_headroom_revision:max > last_over_time(cluster:etcd_headroom_revision:max[10m] offset 10m)
          ||| % $._config,
        },
        // What was written since the last compaction may all be history: a horizon of in-use has to have a compaction within it,
        // unless none is to be expected any more.
        {
          record: 'cluster:etcd_headroom_shortest_horizon_seconds:min',
          labels: { of: 'in_use' },
          expr: |||
            (
              cluster:etcd_headroom_compaction_age_seconds:min
              or
              0 * cluster:etcd_headroom_compact_revision:max + 86400
            )
            unless cluster:etcd_headroom_compaction_stalled_seconds:min
          ||| % $._config,
        },
      ],
    }],
  },
}
