// Namespaces with a budget: what they have stored, live and history, of it.
{
  prometheusRules+:: {
    groups+: [{
      name: 'etcd-headroom-budgets',
      rules: [
        {
          record: 'cluster_namespace:etcd_headroom_stored_bytes:max',
          expr: |||
            max by (%(cluster)s, object_namespace) (
              etcd_headroom_namespace_object_bytes%(selector)s
              + on (%(cluster)s, instance, object_namespace)
              etcd_headroom_namespace_history_bytes%(selector)s
              and on (%(cluster)s, instance, object_namespace) etcd_headroom_namespace_budget_bytes%(selector)s
            )
          ||| % $._config,
        },
        // Where exporters have different files, the smallest budget of each owner.
        {
          record: 'cluster_namespace:etcd_headroom_budget_use:ratio',
          expr: |||
            cluster_namespace:etcd_headroom_stored_bytes:max
            / on (%(cluster)s, object_namespace) group_right ()
            min by (%(cluster)s, object_namespace, owner) (etcd_headroom_namespace_budget_bytes%(selector)s)
          ||| % $._config,
        },
        // At the growth of the last six hours. A namespace that is younger has no forecast.
        {
          record: 'cluster_namespace:etcd_headroom_time_to_budget_seconds:min',
          expr: |||
            clamp_min(1 - cluster_namespace:etcd_headroom_budget_use:ratio, 0)
            / on (%(cluster)s, object_namespace, owner) (deriv(cluster_namespace:etcd_headroom_budget_use:ratio[6h]) > 0)
            and on (%(cluster)s, object_namespace, owner) cluster_namespace:etcd_headroom_budget_use:ratio offset 6h
          ||| % $._config,
        },
      ],
    }],
  },
}
