{
  prometheusAlerts+:: {
    groups+: [{
      name: 'etcd-headroom-alerts-sight',
      rules: [
        $._alert('MemberUnreadable', 'warning', {
          expr: |||
            max_over_time(member:etcd_headroom_up:max[5m]) == 0
            unless on (%(cluster)s, member) max by (%(cluster)s, member) (max_over_time(etcd_headroom_defrag_in_progress%(selector)s[5m])) == 1
          ||| % $._config,
          'for': '5m',
          summary: 'member {{ $labels.member }} cannot be read',
          description: '{{ $labels.member }} has not answered Status for 10 minutes and is not known to be defragmenting.',
        }),
        $._alert('MemberMissing', 'warning', {
          expr: |||
            count by (%(cluster)s) (
              max by (%(cluster)s, member) (last_over_time(member:etcd_headroom_up:max[10m]))
              unless on (%(cluster)s, member) member:etcd_headroom_member_is_learner:max
            )
            < on (%(cluster)s) cluster:etcd_headroom_cluster_members:max{role="voter"}
          ||| % $._config,
          'for': '15m',
          summary: 'has members that nobody reports',
          description: '{{ $value }} voters are reported, the member list has more: an exporter is gone or was never there. A member that is ' +
                       'not seen can still stop all writes.',
        }),
        $._alert('NothingReports', 'warning', {
          expr: |||
            last_over_time(cluster:etcd_headroom_exporters:count[6h])
            unless on (%(cluster)s) last_over_time(cluster:etcd_headroom_exporters:count[10m])
            or
            absent(last_over_time(etcd_headroom_endpoints%(selector)s[10m]) or last_over_time(etcd_headroom_up%(selector)s[10m]))
          ||| % $._config,
          'for': '5m',
          summary: 'is reported by no exporter',
          description: 'No exporter of this cluster has been scraped for 10 minutes: nothing warns of a full etcd.',
        }),
        // An exporter runs where etcd should be, and no exporter of the cluster found one. kine is another matter.
        $._alert('NoEtcdFound', 'warning', {
          expr: |||
            max by (%(cluster)s) (etcd_headroom_endpoints%(selector)s) == 0
            unless on (%(cluster)s) etcd_headroom_datastore_info{kind="kine"%(andSelector)s}
          ||| % $._config,
          'for': '15m',
          summary: 'is watched by nobody: no exporter found an etcd',
          description: 'Exporters run, and none of them found an etcd on its node: nothing warns of a full etcd. Set ' +
                       '--etcd.endpoints, or the right distribution in the chart.',
        }),
        // Any exporter whose watch is whole is enough.
        $._alert('WatchDown', 'warning', {
          expr: |||
            max by (%(cluster)s) (max_over_time(etcd_headroom_watch_connected%(selector)s[10m])) == 0
            or
            min by (%(cluster)s) (increase(etcd_headroom_watch_missed_revisions_total%(selector)s[1h])) > 0
          ||| % $._config,
          'for': '5m',
          summary: 'is not watched: who writes is not known',
          description: "No exporter's watch is connected, or each of them missed revisions within the hour. Forecasts and pages go on; who " +
                       'writes is not counted fully.',
        }),
        // Of each exporter: on every node it is another file.
        $._alert('ClientCertificateExpires', 'warning', {
          expr: 'min by (%(cluster)s, instance) (etcd_headroom_client_certificate_expiry_timestamp_seconds%(selector)s) - time() < 7 * 86400' % $._config,
          'for': '15m',
          summary: 'is soon out of sight of {{ $labels.instance }}: its client certificate ends',
          description: 'The client certificate of the exporter {{ $labels.instance }} {{ if gt $value 0.0 }}expires in ' +
                       '{{ $value | humanizeDuration }}{{ else }}has expired{{ end }}. etcd refuses an expired one, and this exporter is blind then.',
        }),
        $._alert('InventoryStale', 'warning', {
          expr: 'time() - max by (%(cluster)s) (last_over_time(etcd_headroom_inventory_timestamp_seconds%(selector)s[15m])) > 86400' % $._config,
          'for': '15m',
          summary: 'has an inventory over a day old',
          description: 'The database file was last walked {{ $value | humanizeDuration }} ago: bytes per resource are of then.',
        }),
      ],
    }],
  },
}
