{
  prometheusAlerts+:: {
    local has = 'Namespace {{ $labels.object_namespace }}{{ with $labels.owner }}, owned by {{ . }},{{ end }} has {{ with ' +
                $._text.query('cluster_namespace:etcd_headroom_stored_bytes:max', ['object_namespace']) +
                ' }}{{ with first . }}{{ .Value | humanize1024 }}B{{ end }}{{ end }} stored in etcd, live and history. ',
    local most = '{{ range ' +
                 $._text.query(
                   'topk by (' + $._config.cluster + ', object_namespace) (1, max by (' + $._config.cluster +
                   ', object_namespace, resource) (rate(etcd_headroom_namespace_write_bytes_total',
                   ['object_namespace'],
                   rest='[1h])) > 0)'
                 ) +
                 ' }}Most of what was written there in the last hour is {{ .Labels.resource }}.{{ end }}',
    groups+: [{
      name: 'etcd-headroom-alerts-budgets',
      rules: [
        // Two walks of the file, so that a burst which the next compaction removes is none.
        $._alert('NamespaceOverBudget', 'warning', {
          expr: 'cluster_namespace:etcd_headroom_budget_use:ratio > 1',
          'for': '20m',
          keep_firing_for: '30m',
          summary: 'has namespace {{ $labels.object_namespace }} at {{ $value | humanizePercentage }} of its budget',
          description: has + 'That is over its budget. `report` prints the ResourceQuota that stops it. ' + most,
        }),
        $._alert('NamespaceNearBudget', 'info', {
          expr: |||
            (
              cluster_namespace:etcd_headroom_budget_use:ratio > %(budgetUse)s
              or
              cluster_namespace:etcd_headroom_budget_use:ratio
              and on (%(cluster)s, object_namespace, owner) cluster_namespace:etcd_headroom_time_to_budget_seconds:min < %(budgetWithin)s
            ) <= 1
          ||| % $._config,
          'for': '20m',
          keep_firing_for: '30m',
          summary: 'has namespace {{ $labels.object_namespace }} at {{ $value | humanizePercentage }} of its budget',
          description: has + '{{ range ' +
                       $._text.query('cluster_namespace:etcd_headroom_time_to_budget_seconds:min', ['object_namespace']) +
                       ' }}At the growth of the last 6 hours it is over its budget in {{ .Value | humanizeDuration }}. {{ end }}' + most,
        }),
      ],
    }],
  },
}
