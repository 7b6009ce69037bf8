{
  prometheusAlerts+:: {
    local overHalf = ' > on (' + $._config.cluster + ', resource) group_left () 0.5 * cluster_resource:etcd_headroom_write_bytes:rate15m',
    // `series` with the label of the one who wrote over half of the resource's bytes, where there is one.
    local named(series, label, rates) = |||
      %(series)s
      * on (%(cluster)s, resource) group_left (%(label)s) (
        group by (%(cluster)s, resource, %(label)s) (%(rates)s%(overHalf)s)
        or on (%(cluster)s, resource)
        group by (%(cluster)s, resource) (cluster_resource:etcd_headroom_write_bytes:rate15m)
      )
    ||| % ($._config { series: std.rstripChars(series, '\n'), label: label, rates: rates, overHalf: overHalf }),
    local namespaces =
      'max by (%(cluster)s, resource, object_namespace) (rate(etcd_headroom_namespace_write_bytes_total{object_namespace!~"|other"%(andSelector)s}[15m]))'
      % $._config,
    local topWriter = named(
      named('cluster:etcd_headroom_top_writer:ratio15m', 'manager', 'cluster_manager:etcd_headroom_write_bytes:rate15m'),
      'object_namespace',
      namespaces
    ),
    groups+: [{
      name: 'etcd-headroom-alerts-writers',
      rules: [
        // For routes: its labels say who writes, so that the owner hears of it. The pages keep theirs, and their grouping.
        $._alert('TopWriter', 'info', {
          expr: topWriter + 'and on (%(cluster)s) cluster:etcd_headroom_time_to_quota_seconds:min < %(ticketWithin)s' % $._config,
          'for': '5m',
          keep_firing_for: '30m',
          summary: 'fills up, most by {{ with $labels.manager }}{{ . }}: {{ end }}{{ $labels.resource }}' +
                   '{{ with $labels.object_namespace }} in {{ . }}{{ end }}',
          description: 'At the present growth etcd is full within a day and a half, and then refuses every write. ' +
                       $._text.writers,
        }),
        $._alert('ResourceSurge', 'warning', {
          expr: |||
            (
              cluster_resource:etcd_headroom_write_bytes:rate15m >= 4 * cluster_resource:etcd_headroom_write_bytes:past
            )
            * on (%(cluster)s) group_left () cluster:etcd_headroom_compaction_interval_seconds:max
            > on (%(cluster)s) group_left () 0.05 * cluster:etcd_headroom_room_bytes:min
          ||| % $._config,
          'for': '5m',
          keep_firing_for: '15m',
          summary: 'takes a surge of writes of {{ $labels.resource }}{{ range ' +
                   $._text.query('cluster_manager:etcd_headroom_write_bytes:rate15m', ['resource'], rest=overHalf) +
                   ' }}, most by {{ .Labels.manager }}{{ end }}',
          description: '{{ $value | humanize1024 }}B are written between two compactions by writes of {{ $labels.resource }}: at least 4 times ' +
                       'what this hour saw on any day of the week before, and over 5 % of the room that is left. {{ range ' +
                       $._text.query(
                         'max by (' + $._config.cluster + ', resource, object_namespace) (rate(etcd_headroom_namespace_write_bytes_total',
                         ['resource'],
                         matchers='object_namespace!~\\"|other\\"',
                         rest='[15m]))' + overHalf
                       ) +
                       ' }}Most are in the namespace {{ .Labels.object_namespace ' +
                       '}}. {{ end }} ' +
                       $._text.writers,
        }),
        $._alert('EventSurge', 'warning', {
          expr: |||
            (
              cluster_component:etcd_headroom_event_write_bytes:rate15m >= 4 * cluster_component:etcd_headroom_event_write_bytes:past
            )
            * on (%(cluster)s) group_left () cluster:etcd_headroom_compaction_interval_seconds:max
            > on (%(cluster)s) group_left () 0.05 * cluster:etcd_headroom_room_bytes:min
          ||| % $._config,
          'for': '5m',
          keep_firing_for: '15m',
          summary: 'takes a surge of Events of {{ $labels.component }}',
          description: '{{ $value | humanize1024 }}B are written between two compactions by Events of {{ $labels.component }}: at least 4 times ' +
                       'what this hour saw on any day of the week before, and over 5 % of the room that is left. ' +
                       $._text.writers,
        }),
      ],
    }],
  },
}
