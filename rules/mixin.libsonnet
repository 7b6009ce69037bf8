// The mixin: prometheusAlerts and prometheusRules over the exporter's metrics, grafanaDashboards; etcdOnly instead of the first two
// where there is no exporter, managed where there are only the API server's metrics.
(import 'config.libsonnet') +
(import 'text.libsonnet') +
(import 'recording/members.libsonnet') +
(import 'recording/space.libsonnet') +
(import 'recording/fill.libsonnet') +
(import 'recording/growth.libsonnet') +
(import 'recording/forecast.libsonnet') +
(import 'recording/band.libsonnet') +
(import 'recording/disk.libsonnet') +
{
  prometheusRules+:: {
    // In Prometheus a rule sees what the one before it has just recorded. Elsewhere it sees that an evaluation later: no rule needs more.
    groups+: [{ name: 'etcd-headroom-forecast', rules: $._forecast }],
  },
} +
(import 'recording/reads.libsonnet') +
(import 'recording/last_seen.libsonnet') +
(import 'recording/habits.libsonnet') +
(import 'recording/compaction.libsonnet') +
(import 'recording/writers.libsonnet') +
(import 'recording/writers_past.libsonnet') +
(import 'recording/budgets.libsonnet') +
(import 'alerts/refused.libsonnet') +
(import 'alerts/full.libsonnet') +
(import 'alerts/history.libsonnet') +
(import 'alerts/writers.libsonnet') +
(import 'alerts/budgets.libsonnet') +
(import 'alerts/settings.libsonnet') +
(import 'alerts/sight.libsonnet') +
(import 'etcd_only/recording.libsonnet') +
(import 'etcd_only/alerts.libsonnet') +
(import 'managed/size.libsonnet') +
(import 'managed/forecast.libsonnet') +
(import 'managed/alerts.libsonnet') +
{
  grafanaDashboards+:: {
    'fleet.json': import '../dashboards/fleet.json',
    'headroom-overview.json': import '../dashboards/headroom-overview.json',
    'incident.json': import '../dashboards/incident.json',
    'managed.json': import '../dashboards/managed.json',
    'who-is-filling.json': import '../dashboards/who-is-filling.json',
  },
}
