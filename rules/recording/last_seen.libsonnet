// The last that was seen of each member.
{
  prometheusRules+:: {
    groups+: [{
      name: 'etcd-headroom-last-seen',
      interval: '2m',
      rules: [
        // When a member was seen full: its file over 97 % of its quota, or NOSPACE armed. 0 when it has room, absent while it does
        // not answer.
        {
          record: 'member:etcd_headroom_last_full_timestamp_seconds:max',
          expr: |||
            max by (%(cluster)s, member) (
              member:etcd_headroom_db_size_bytes:max > bool 0.97 * member:etcd_headroom_quota_bytes:min
              or
              member:etcd_headroom_alarm_active:max{alarm="NOSPACE"}
            ) * time()
          ||| % $._config,
        },
        {
          record: 'member:etcd_headroom_last_full_timestamp_seconds:last1h',
          expr: 'last_over_time(member:etcd_headroom_last_full_timestamp_seconds:max[1h])',
        },
        // How long a full member has been silent: for 6 hours, as long as EtcdHeadroomNothingReports looks back, or for a day if an
        // exporter reports that it does not answer. Not while it defragments, and not one that was replaced: then all of the member
        // list answer.
        {
          record: 'cluster:etcd_headroom_silent_when_full_seconds:max',
          expr: |||
            max by (%(cluster)s) (
              (
                time() - (last_over_time(member:etcd_headroom_last_full_timestamp_seconds:max[1h]) > 0) > 10 * 60
                or
                (time() - (last_over_time(member:etcd_headroom_last_full_timestamp_seconds:last1h[6h:30m]) > 0) > 3600) < 6 * 3600
                unless on (%(cluster)s, member) last_over_time(member:etcd_headroom_last_full_timestamp_seconds:max[1h])
                or
                time() - (last_over_time(member:etcd_headroom_last_full_timestamp_seconds:last1h[1d:30m]) > 0) > 3600
                and on (%(cluster)s, member) member:etcd_headroom_up:max == 0
                unless on (%(cluster)s, member) last_over_time(member:etcd_headroom_last_full_timestamp_seconds:max[1h])
              )
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
