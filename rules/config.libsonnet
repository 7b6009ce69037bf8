// What a user may set: (import 'mixin.libsonnet') + { _config+:: { clusterLabel: 'k8s_cluster' } }
local duration(seconds) =
  if seconds % 3600 == 0 then '%dh' % (seconds / 3600)
  else if seconds % 60 == 0 then '%dm' % (seconds / 60)
  else '%dm%ds' % [std.floor(seconds / 60), seconds % 60];

// `reach`: how far a ticket looks ahead, a few times its own length; `pageReach`: how far a page does, two to three times;
// `firstDayReach`: the same until a day has been seen. `end`: the
// parts at its start and end that both have to show growth.
local horizon(seconds, reach, pageReach=reach, firstDayReach=pageReach, end=seconds / 4) = {
  horizon: duration(seconds),
  seconds: seconds,
  reach: reach,
  pageReach: pageReach,
  firstDayReach: firstDayReach,
  end: end,
  first: duration(seconds - end),
  last: duration(end),
};

{
  _config:: {
    // The label that names a cluster, on every target and alert. Where a cluster has two etcds, `etcd_cluster` names each.
    clusterLabel: 'cluster',
    // Matchers of the exporter's series, and of etcd's own for the edition without the exporter: 'job="etcd", env="prod"'.
    matchers: '',
    etcdMatchers: '',
    // Matchers of the API server's series, for managed control planes: 'job="apiserver"'.
    apiserverMatchers: '',
    // The quota of a managed control plane in bytes, and other quotas by a regular expression of the cluster: { 'ovh-.*': 4e8 }.
    managedQuotaBytes: 8e9,
    managedQuotaByCluster: {},

    // Each alert's runbook is at BASE/NAME.md.
    runbookBaseUrl: 'https://github.com/etcd-headroom/etcd-headroom/blob/main/rules/runbooks',
    // Where Grafana is, to be set: a pager cannot follow a link without its host.
    dashboardBaseUrl: 'https://grafana.example',
    // The values of the label `severity`.
    severities: { critical: 'critical', warning: 'warning', info: 'info' },

    // Full within so long: a page, a ticket. PromQL, in seconds.
    pageWithin: '75 * 60',
    ticketWithin: '36 * 3600',
    // The same for a file that grows by a tenth of its quota within 3 minutes.
    fastWithin: '10 * 60',
    // The share of the quota in use: an hour above the first makes a ticket, six hours above the second page.
    ticketUse: '0.85',
    pageUse: '0.95',
    // The share of a namespace's budget, and over it within so many seconds: a note to its owner.
    budgetUse: '0.8',
    budgetWithin: '24 * 3600',

    horizons: [
      horizon(11 * 60, '28 * 60', end=3 * 60),
      horizon(16 * 60, '80 * 60', pageReach='36 * 60'),
      horizon(30 * 60, '3 * 3600', pageReach='75 * 60', firstDayReach='42 * 60'),
      horizon(3600, '6 * 3600'),
      horizon(2 * 3600, '12 * 3600'),
      horizon(4 * 3600, '24 * 3600'),
    ],

    // For by (...) and on (...).
    cluster: self.clusterLabel + ', etcd_cluster',
    // To be put after a name, or after other matchers.
    selector: if self.matchers == '' then '' else '{' + self.matchers + '}',
    andSelector: if self.matchers == '' then '' else ', ' + self.matchers,
    etcdSelector: if self.etcdMatchers == '' then '' else '{' + self.etcdMatchers + '}',
    apiserverSelector: if self.apiserverMatchers == '' then '' else '{' + self.apiserverMatchers + '}',
    andApiserverSelector: if self.apiserverMatchers == '' then '' else ', ' + self.apiserverMatchers,
  },
}
