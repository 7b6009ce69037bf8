{
  prometheusRules+:: {
    groups+: [{
      name: 'etcd-headroom-writers',
      rules: [
        {
          record: 'cluster_resource:etcd_headroom_write_bytes:rate15m',
          expr: 'max by (%(cluster)s, resource) (rate(etcd_headroom_write_bytes_total%(selector)s[15m]))' % $._config,
        },
        {
          record: 'cluster:etcd_headroom_write_bytes:rate15m',
          expr: 'max by (%(cluster)s) (sum by (%(cluster)s, instance) (rate(etcd_headroom_write_bytes_total%(selector)s[15m])))' % $._config,
        },
        // All that is written is growth until it is compacted. "other" names nobody.
        {
          record: 'cluster:etcd_headroom_top_writer:ratio15m',
          expr: |||
            topk by (%(cluster)s) (
              1,
              cluster_resource:etcd_headroom_write_bytes:rate15m{resource!="other"}
              / on (%(cluster)s) group_left ()
              (cluster:etcd_headroom_write_bytes:rate15m > 0)
            )
          ||| % $._config,
        },
        // Of the managers that name somebody.
        {
          record: 'cluster_manager:etcd_headroom_write_bytes:rate15m',
          expr: |||
            max by (%(cluster)s, manager, resource) (
              sum by (%(cluster)s, instance, manager, resource) (
                rate(etcd_headroom_manager_write_bytes_total{manager!~"none|ambiguous|encrypted|other"%(andSelector)s}[15m])
              )
            )
          ||| % $._config,
        },
        // Over all resources, as a share of all bytes.
        {
          record: 'cluster:etcd_headroom_top_manager:ratio15m',
          expr: |||
            topk by (%(cluster)s) (
              1,
              sum by (%(cluster)s, manager) (cluster_manager:etcd_headroom_write_bytes:rate15m)
              / on (%(cluster)s) group_left ()
              (cluster:etcd_headroom_write_bytes:rate15m > 0)
            )
          ||| % $._config,
        },
        {
          record: 'cluster_component:etcd_headroom_event_write_bytes:rate15m',
          expr: |||
            max by (%(cluster)s, component) (
              sum by (%(cluster)s, instance, component) (rate(etcd_headroom_event_object_write_bytes_total%(selector)s[15m]))
            )
          ||| % $._config,
        },
        {
          record: 'cluster:etcd_headroom_largest_write_bytes:max1h',
          expr: 'max by (%(cluster)s) (max_over_time(etcd_headroom_largest_write_bytes%(selector)s[1h]))' % $._config,
        },
        // Live data and history as the walk of the file counted them; estimates do not get in.
        {
          record: 'cluster:etcd_headroom_stored_bytes:max',
          expr: |||
            max by (%(cluster)s) (
              sum by (%(cluster)s, instance) (etcd_headroom_object_bytes%(selector)s)
              + on (%(cluster)s, instance)
              sum by (%(cluster)s, instance) (etcd_headroom_history_bytes%(selector)s)
              and on (%(cluster)s, instance) etcd_headroom_inventory_exact%(selector)s == 1
            )
          ||| % $._config,
        },
        // Nothing is known of an hour in which no write at all was seen: the watch was not there.
        {
          record: 'cluster_resource:etcd_headroom_write_bytes:rate1h',
          expr: |||
            max_over_time(cluster_resource:etcd_headroom_write_bytes:rate15m[1h])
            and on (%(cluster)s) max_over_time(cluster:etcd_headroom_write_bytes:rate15m[1h]) > 0
          ||| % $._config,
        },
        {
          record: 'cluster_component:etcd_headroom_event_write_bytes:rate1h',
          expr: |||
            max_over_time(cluster_component:etcd_headroom_event_write_bytes:rate15m[1h])
            and on (%(cluster)s) max_over_time(cluster:etcd_headroom_write_bytes:rate15m[1h]) > 0
          ||| % $._config,
        },
      ],
    }],
  },
}
