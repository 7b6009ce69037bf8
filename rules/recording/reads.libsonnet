// Reads that stay open: the pages freed since they began cannot be used again.
local openFor(minutes) =
  'label_replace(0 * (min_over_time(member:etcd_headroom_open_reads:max[%dm]) > member:etcd_headroom_open_reads_at_rest:min) + %d * 60, "for", "%d", "", "")' %
  [minutes, minutes, minutes];

{
  prometheusRules+:: {
    groups+: [{
      name: 'etcd-headroom-reads',
      interval: '1m',
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
              label_replace(min_over_time(member:etcd_headroom_open_reads:max[20m]) and time() - member:etcd_headroom_member_start_time_seconds:max > 20 * 60, "of", "minutes", "", "")
              or
              label_replace(min_over_time(member:etcd_headroom_open_reads:max[2h]) and time() - member:etcd_headroom_member_start_time_seconds:max > 2 * 3600, "of", "hours", "", "")
              or
              label_replace(min_over_time(member:etcd_headroom_open_reads:max[1d:10m]) and time() - member:etcd_headroom_member_start_time_seconds:max > 86400, "of", "a day", "", "")
            )
          ||| % $._config,
        },
        // How long there have been more, at least. A moment at rest ends it.
        {
          record: 'member:etcd_headroom_read_open_seconds:max',
          expr: 'max by (%s, member) (\n  %s\n)\n' % [$._config.cluster, std.join('\n  or\n  ', [openFor(minutes) for minutes in [5, 10, 15, 30, 60, 120, 240]])],
        },
        {
          record: 'cluster:etcd_headroom_db_pinned_bytes:max',
          expr: 'max by (%(cluster)s) (etcd_headroom_db_pinned_bytes%(selector)s)' % $._config,
        },
      ],
    }],
  },
}
