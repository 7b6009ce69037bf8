// The size of the storage as the API servers report it, and the quota. Each API server reports the file of the member that it asks, so the
// largest counts, not the sum. Its metric by Kubernetes version:
//   1.28+        apiserver_storage_size_bytes{storage_cluster_id}; the label was `cluster` before April 2024 (kubernetes 124283)
//   1.26, 1.27   apiserver_storage_db_total_size_in_bytes{endpoint}
//   before       etcd_db_total_size_in_bytes{endpoint}
// storage_cluster_id is etcd-0, and etcd-1 and so on where --etcd-servers-overrides keeps a resource in another etcd: these become
// `etcd_cluster`. An etcd that does not answer has no size.
{
  local sizes(of, window) = |||
    max by (%(cluster)s) (
      label_replace(%(of)s(apiserver_storage_size_bytes%(apiserverSelector)s[%(window)s]), "etcd_cluster", "$1", "storage_cluster_id", "(etcd-[1-9][0-9]*)")
      or
      %(of)s(apiserver_storage_db_total_size_in_bytes%(apiserverSelector)s[%(window)s])
      or
      %(of)s(etcd_db_total_size_in_bytes%(apiserverSelector)s[%(window)s])
    )
  ||| % ($._config { of: of, window: window }),

  managed+:: {
    groups+: [{
      name: 'etcd-managed-size',
      rules: [
        // Behind a load balancer one scrape sees one member, the next another: the largest of 5 minutes. Gaps up to 15 are bridged.
        {
          record: 'cluster:etcd_managed_used_bytes:max',
          expr: sizes('max_over_time', '5m') + 'or\n' + sizes('last_over_time', '15m'),
        },
        {
          record: 'cluster:etcd_managed_quota_bytes:min',
          expr: std.join('or\n', [
            '0 * cluster:etcd_managed_used_bytes:max{%s=~"%s"} + %d\n' % [$._config.clusterLabel, name, $._config.managedQuotaByCluster[name]]
            for name in std.objectFields($._config.managedQuotaByCluster)
          ] + ['0 * cluster:etcd_managed_used_bytes:max + %d' % $._config.managedQuotaBytes]),
        },
        {
          record: 'cluster:etcd_managed_room_bytes:min',
          expr: 'cluster:etcd_managed_quota_bytes:min - cluster:etcd_managed_used_bytes:max',
        },
        // What grew most since its lowest of the hour: by the sizes of its objects (1.34+, without their history), and by their number
        // (apiserver_storage_objects before 1.34). -1 is a count that failed.
        {
          record: 'cluster:etcd_managed_top_growth_bytes:max1h',
          expr: $._topGrowth(['apiserver_resource_size_estimate_bytes']),
        },
        {
          record: 'cluster:etcd_managed_top_growth_objects:max1h',
          expr: $._topGrowth(['apiserver_resource_objects', 'apiserver_storage_objects']),
        },
      ],
    }],
  },

  // `resource` is "jobs.batch", and "pods" in the core group.
  _topGrowth(names):: |||
    topk by (%(cluster)s) (1, max by (%(cluster)s, resource) (
      label_replace(label_join(
        %(growth)s,
        "resource", ".", "resource", "group"
      ), "resource", "$1", "resource", "(.*)\\.")
    ))
  ||| % ($._config {
           growth: std.join('\n    or\n    ', [
             '((%(name)s >= 0) - (min_over_time(%(name)s[1h]) >= 0) > 0)' % { name: name + $._config.apiserverSelector }
             for name in names
           ]),
         }),
}
