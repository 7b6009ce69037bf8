{
  local series = 'cluster:etcd_managed_time_to_quota_seconds',
  local use = 'cluster:etcd_managed_used_bytes:max / cluster:etcd_managed_quota_bytes:min',
  // With a memory of ten minutes, which ends when the file has shrunk.
  local fills(reaches) = |||
    %(now)s
    or
    %(lately)s
    unless on (%(cluster)s) cluster:etcd_managed_room_bytes:min > min_over_time(cluster:etcd_managed_room_bytes:min[15m]) + 0.01 * cluster:etcd_managed_quota_bytes:min
  ||| % ($._config {
           now: $._soonest(series, reaches),
           lately: $._soonest(series, reaches, '10m'),
         }),
  // The share of requests to etcd that fail, of each API server.
  local failing(operations) = |||
    sum by (%(cluster)s, instance) (rate(etcd_request_errors_total{operation=~"%(operations)s"%(andApiserverSelector)s}[3m]))
    / on (%(cluster)s, instance)
    sum by (%(cluster)s, instance) (rate(etcd_requests_total{operation=~"%(operations)s"%(andApiserverSelector)s}[3m]))
  ||| % ($._config { operations: operations }),
  local indented(expr) = std.strReplace(std.rstripChars(expr, '\n'), '\n', '\n  '),

  // What grew, by both counts, of which one or both may be missing.
  local grew =
    '{{ with ' + $._text.query('cluster:etcd_managed_top_growth_bytes:max1h') + ' }}{{ with first . }}Grew most within the hour: ' +
    '{{ .Labels.resource }}, by {{ .Value | humanize1024 }}B. {{ end }}{{ end }}' +
    '{{ with ' + $._text.query('cluster:etcd_managed_top_growth_objects:max1h') + ' }}{{ with first . }}Most new objects: ' +
    '{{ .Labels.resource }}, {{ .Value | humanize }} more.{{ end }}{{ else }}No resource is known to have more objects than an hour ago: ' +
    'updates fill it, or the counts are not scraped.{{ end }}',
  local quota = '{{ with ' + $._text.query('cluster:etcd_managed_quota_bytes:min') + ' }}{{ with first . }}{{ .Value | humanize }}B{{ end }}{{ end }}',
  local unknown = 'How much of the file is free pages is unknown here. ',

  managed+:: {
    groups+: [{
      name: 'etcd-managed-alerts',
      rules: [
        // Most writes fail on every API server, while reads succeed and the file is or lately was near the quota. In an outage of etcd
        // reads fail, too, and no size is reported. Conflicts are no errors of etcd's.
        $._alert('ManagedWritesRefused', 'critical', {
          expr: |||
            min by (%(cluster)s) (
              %(writes)s
            ) > 0.5
            unless on (%(cluster)s) max by (%(cluster)s) (
              %(reads)s
            ) > 0.1
            and on (%(cluster)s) max_over_time(cluster:etcd_managed_used_bytes:max[6h]) > %(ticketUse)s * cluster:etcd_managed_quota_bytes:min
          ||| % ($._config { writes: indented(failing('create|update')), reads: indented(failing('get|list.*')) }),
          summary: 'refuses writes: {{ $value | humanizePercentage }} of them fail on every API server',
          description: 'Reads succeed, and the file has been near the quota of ' + quota + ' within six hours. Delete what is not needed, deletes are accepted, ' +
                       'and ask the provider to defragment and to disarm NOSPACE. ' +
                       grew,
        }),
        // Growth in both halves of 3 minutes: a larger member that comes into sight is one step.
        $._alert('ManagedFillsFast', 'critical', {
          expr: |||
            180 * (cluster:etcd_managed_room_bytes:min > 0)
            / on (%(cluster)s) (
              cluster:etcd_managed_used_bytes:max - cluster:etcd_managed_used_bytes:max offset 3m
              > on (%(cluster)s) 0.1 * cluster:etcd_managed_quota_bytes:min
            )
            < %(fastWithin)s
            and on (%(cluster)s) cluster:etcd_managed_used_bytes:max > cluster:etcd_managed_used_bytes:max offset 90s
            and on (%(cluster)s) cluster:etcd_managed_used_bytes:max offset 90s > cluster:etcd_managed_used_bytes:max offset 3m
          ||| % $._config,
          keep_firing_for: '3m',
          summary: 'fills up within minutes',
          description: 'The file took over a tenth of the quota within 3 minutes. At this rate etcd refuses every write in ' +
                       '{{ $value | humanizeDuration }}: stop the writer now. ' +
                       grew,
        }),
        $._alert('ManagedFullWithinTheHour', 'critical', {
          expr: '(\n' + fills($._pagesKnowing('cluster:etcd_managed_known_bytes:max')) + ') < %(pageWithin)s' % $._config,
          summary: 'is full in {{ $value | humanizeDuration }}',
          description: 'At the present growth the file reaches the quota of ' + quota + ' in {{ $value | humanizeDuration }}, and etcd then refuses every ' +
                       'write. ' +
                       grew,
        }),
        $._alert('ManagedFullWithinADay', 'warning', {
          expr: '(\n' + fills($._hours) + ') < %(ticketWithin)s' % $._config,
          summary: 'is full in {{ $value | humanizeDuration }}',
          description: 'At the present growth the file reaches the quota of ' + quota + ' in {{ $value | humanizeDuration }}, and etcd then refuses every ' +
                       'write. ' +
                       grew,
        }),
        // A file of free pages looks the same.
        $._alert('ManagedHighUse', 'critical', {
          expr: use + ' > ' + $._config.pageUse,
          'for': '5m',
          summary: 'has a file of {{ $value | humanizePercentage }} of its quota',
          description: unknown + 'If it is little, the next burst of writes stops the cluster: delete what is not needed and ask the provider to ' +
                       'defragment. The quota is taken to be ' + quota + '. ' +
                       grew,
        }),
        $._alert('ManagedHighUse', 'warning', {
          expr: use + ' > ' + $._config.ticketUse,
          'for': '15m',
          summary: 'has a file of {{ $value | humanizePercentage }} of its quota',
          description: unknown + 'A steady file may be fine, a growing one is not. The quota is taken to be ' + quota + '. ' +
                       grew,
        }),
        $._alert('ManagedSizeUnknown', 'warning', {
          expr: '(last_over_time(cluster:etcd_managed_used_bytes:max[6h]) > 0) unless on (%(cluster)s) cluster:etcd_managed_used_bytes:max' % $._config,
          summary: 'has an unknown size: no API server has reported it for 15 minutes',
          description: 'The last known size was {{ $value | humanize }}B. Either etcd does not answer or the API servers are not scraped: no alert of ' +
                       'space can fire.',
        }),
      ],
    }],
  },
}
