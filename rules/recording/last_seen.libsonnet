{
  prometheusRules+:: {
    groups+: [{
      name: 'etcd-headroom-last-seen',
      rules: [
        // 1 when its file was over 97 % of its quota or NOSPACE was armed. Absent while it does not answer.
        {
          record: 'member:etcd_headroom_full:bool',
          expr: |||
            max by (%(cluster)s, member) (
              member:etcd_headroom_db_size_bytes:max > bool 0.97 * member:etcd_headroom_quota_bytes:min
              or
              member:etcd_headroom_alarm_active:max{alarm="NOSPACE"}
            )
          ||| % $._config,
        },
        // When it was last seen full; 0 when it answers and has room. A silent member keeps its time for 6 hours, as long as
        // EtcdHeadroomNothingReports looks back, and for as long as an exporter is there to say that it does not answer.
        {
          record: 'member:etcd_headroom_last_full_timestamp_seconds:max',
          expr: |||
            member:etcd_headroom_full:bool * time()
            or
            last_over_time(member:etcd_headroom_last_full_timestamp_seconds:max[1h]) > time() - 6 * 3600
            or
            last_over_time(member:etcd_headroom_last_full_timestamp_seconds:max[1h]) > 0 and on (%(cluster)s, member) member:etcd_headroom_up:max == 0
          ||| % $._config,
        },
        // How long a full member has been silent. Not while it defragments, and not one that was replaced: then all of the member
        // list answer.
        {
          record: 'cluster:etcd_headroom_silent_when_full_seconds:max',
          expr: |||
            max by (%(cluster)s) (
              time() - (member:etcd_headroom_last_full_timestamp_seconds:max > 0) > 10 * 60
              unless on (%(cluster)s, member) max by (%(cluster)s, member) (max_over_time(etcd_headroom_defrag_in_progress%(selector)s[10m])) == 1
            )
            unless on (%(cluster)s)
              count by (%(cluster)s) (last_over_time(member:etcd_headroom_db_size_bytes:max[10m]))
              >= on (%(cluster)s) sum by (%(cluster)s) (cluster:etcd_headroom_cluster_members:max)
          ||| % $._config,
        },
      ],
    }],
  },
}
