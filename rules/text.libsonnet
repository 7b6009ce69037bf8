// Text that alerts share.
{
  _text:: {
    local cluster = $._config.clusterLabel,
    local of = '{%s=%%q,etcd_cluster=%%q}' % cluster,
    local labels = ' $labels.%s $labels.etcd_cluster' % cluster,
    local manager = 'cluster:etcd_headroom_top_manager:ratio15m' + of,
    local resource = 'cluster:etcd_headroom_top_writer:ratio15m' + of,
    local last(series) = 'topk by (%s) (1, last_over_time(%s[6h]))' % [$._config.cluster, series],
    local top(manager, resource, upTo, when, has) =
      '{{ range printf "' + manager + '"' + labels + ' | query }}Top writer: {{ .Labels.manager }}, ' + upTo + '{{ .Value | humanizePercentage }}. {{ end }}' +
      '{{ with printf "' + resource + '"' + labels + ' | query }}{{ with first . }}Top resource: {{ .Labels.resource }}, ' + upTo +
      '{{ .Value | humanizePercentage }} of the bytes written ' + when + '.{{ end }}' +
      '{{ else }}Top writer: unknown, no exporter of this cluster ' + has + ' its watch (--collector.churn) connected.{{ end }}',

    // The beginning of every summary.
    etcd: 'etcd{{ with $labels.' + cluster + ' }} of {{ . }}{{ end }}{{ with $labels.etcd_cluster }} ({{ . }}){{ end }} ',
    writers: top(manager, resource, '', 'in the last 15 minutes', 'has'),
    writersBefore: top(last(manager), last(resource), 'up to ', 'before', 'had'),
    // An open read transaction makes deleting and defragmenting useless.
    reads: '{{ range printf "topk by (' + $._config.cluster + ') (1, member:etcd_headroom_read_open_seconds:max' + of + ' >= 300)"' + labels +
           ' | query }}A read transaction has been open on {{ .Labels.member }} for at least {{ .Value | humanizeDuration }}: do not delete or ' +
           'defragment, end it first (EtcdHeadroomReadPinsPages). {{ end }}',
    // A template's query of series with the alert's own cluster and `more` of its labels. `matchers` and `rest` are PromQL.
    query(series, more=[], matchers='', rest=''):
      local own = [cluster, 'etcd_cluster'] + more;
      'printf "' + series + '{' + std.join(',', ['%s=%%q' % label for label in own] + (if matchers == '' then [] else [matchers])) + '}' +
      rest + '"' + std.join('', [' $labels.' + label for label in own]) + ' | query',
    dashboard: $._config.dashboardBaseUrl + '/d/etcd-headroom?var-cluster={{ $labels.' + cluster +
               ' | urlquery }}&var-etcd_cluster={{ $labels.etcd_cluster | urlquery }}',
  },

  // An alert: `rule` has expr, for, keep_firing_for; its summary goes on after "etcd of CLUSTER ".
  _alert(name, severity, rule):: {
    [field]: rule[field]
    for field in std.objectFields(rule)
    if field != 'summary' && field != 'description'
  } + {
    alert: 'EtcdHeadroom' + name,
    labels: { severity: $._config.severities[severity] },
    annotations: {
      summary: $._text.etcd + rule.summary,
      description: rule.description,
      runbook_url: $._config.runbookBaseUrl + '/EtcdHeadroom' + name + '.md',
      dashboard_url: $._text.dashboard,
    },
  },
}
