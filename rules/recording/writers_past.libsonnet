// What each writer did at this hour on the seven days before: 0 for one that was not there while others were.
local past(rate, label, config) = |||
  max by (%%(cluster)s, %(label)s) (
  %(days)s
    or
    0 * %(rate)s + on (%%(cluster)s) group_left () 0 * (cluster:etcd_headroom_write_bytes:rate15m offset 1d > 0)
  )
||| % {
  rate: rate,
  label: label,
  days: std.join('\n  or\n', ['  label_replace(%s offset %dd, "day", "%d", "", "")' % [rate, day, day] for day in std.range(1, 7)]),
} % config;

{
  prometheusRules+:: {
    groups+: [{
      name: 'etcd-headroom-writers-past',
      interval: '2m',
      rules: [
        {
          record: 'cluster_resource:etcd_headroom_write_bytes:past',
          expr: past('cluster_resource:etcd_headroom_write_bytes:rate1h', 'resource', $._config),
        },
        {
          record: 'cluster_component:etcd_headroom_event_write_bytes:past',
          expr: past('cluster_component:etcd_headroom_event_write_bytes:rate1h', 'component', $._config),
        },
      ],
    }],
  },
}
