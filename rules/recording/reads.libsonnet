{
  prometheusRules+:: {
    groups+: [{
      name: 'etcd-headroom-reads',
      rules: [
        {
          record: 'member:etcd_headroom_open_reads:max',
          expr: 'max by (%(cluster)s, member) (last_over_time(etcd_headroom_db_open_read_transactions%(selector)s[5m]))' % $._config,
        },
        // An etcd at rest has one or two open, by its version: the fewest that this process has been seen with.
        {
          record: 'member:etcd_headroom_open_reads_at_rest:min',
          expr: |||
            min by (%(cluster)s, member) (
              member:etcd_headroom_open_reads:max
              or
              label_replace(
                last_over_time(member:etcd_headroom_open_reads_at_rest:min[1h])
                and on (%(cluster)s, member) member:etcd_headroom_member_start_time_seconds:max == last_over_time(member:etcd_headroom_member_start_time_seconds:max[1h] offset 1m),
                "from", "before", "", ""
              )
            )
          ||| % $._config,
        },
        // Since when there have been more. Reads itself as it was a moment ago: a moment at rest ends it.
        {
          record: 'member:etcd_headroom_read_opened_timestamp_seconds:min',
          expr: |||
            (
              member:etcd_headroom_read_opened_timestamp_seconds:min
              or
              0 * member:etcd_headroom_open_reads:max + time()
            )
            and on (%(cluster)s, member) member:etcd_headroom_open_reads:max > member:etcd_headroom_open_reads_at_rest:min
          ||| % $._config,
        },
        {
          record: 'member:etcd_headroom_read_open_seconds:max',
          expr: 'time() - member:etcd_headroom_read_opened_timestamp_seconds:min' % $._config,
        },
        {
          record: 'cluster:etcd_headroom_db_pinned_bytes:max',
          expr: 'max by (%(cluster)s) (etcd_headroom_db_pinned_bytes%(selector)s)' % $._config,
        },
      ],
    }],
  },
}
