{
  prometheusAlerts+:: {
    local overHalf = ' > on (' + $._config.cluster + ', resource) group_left () 0.5 * cluster_resource:etcd_headroom_write_bytes:rate15m',
    groups+: [{
      name: 'etcd-headroom-alerts-writers',
      rules: [
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
