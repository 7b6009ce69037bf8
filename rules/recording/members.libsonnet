{
  _forecast+:: [
    // --- What each member says, from whichever exporter.
    {
      record: 'member:etcd_headroom_up:max',
      expr: 'max by (%(cluster)s, member) (etcd_headroom_up%(selector)s)' % $._config,
    },
    {
      record: 'member:etcd_headroom_db_size_bytes:max',
      expr: 'max by (%(cluster)s, member) (etcd_headroom_db_size_bytes%(selector)s)' % $._config,
    },
    {
      record: 'member:etcd_headroom_db_in_use_bytes:max',
      expr: 'max by (%(cluster)s, member) (etcd_headroom_db_in_use_bytes%(selector)s)' % $._config,
    },
    // The quota last heard; -1 (disabled) never gets into a ratio.
    {
      record: 'member:etcd_headroom_quota_bytes:min',
      expr: 'min by (%(cluster)s, member) (last_over_time(etcd_headroom_quota_bytes%(selector)s[15m]) > 0)' % $._config,
    },
    {
      record: 'cluster:etcd_headroom_quota_bytes:min',
      expr: 'min by (%(cluster)s) (member:etcd_headroom_quota_bytes:min)' % $._config,
    },
    // A member's own series of each alarm is always there, so that a disarmed alarm reads 0 at once.
    {
      record: 'member:etcd_headroom_alarm_active:max',
      expr: 'max by (%(cluster)s, member, alarm) (etcd_headroom_alarm_active%(selector)s)' % $._config,
    },
    // Bridges 15 minutes of silence: a full etcd may answer seldom.
    {
      record: 'cluster:etcd_headroom_alarm_active:max',
      expr: 'max by (%(cluster)s, alarm) (last_over_time(member:etcd_headroom_alarm_active:max[15m]))' % $._config,
    },
    {
      record: 'member:etcd_headroom_member_start_time_seconds:max',
      expr: 'max by (%(cluster)s, member) (etcd_headroom_member_start_time_seconds%(selector)s)' % $._config,
    },
    {
      record: 'cluster:etcd_headroom_member_start_time_seconds:min',
      expr: 'min by (%(cluster)s) (last_over_time(member:etcd_headroom_member_start_time_seconds:max[15m]))' % $._config,
    },
    {
      record: 'member:etcd_headroom_member_is_learner:max',
      expr: 'max by (%(cluster)s, member) (etcd_headroom_member_is_learner%(selector)s) == 1' % $._config,
    },
    {
      record: 'cluster:etcd_headroom_cluster_members:max',
      expr: 'max by (%(cluster)s, role) (last_over_time(etcd_headroom_cluster_members%(selector)s[15m]))' % $._config,
    },
    {
      record: 'cluster:etcd_headroom_exporters:count',
      expr: 'count by (%(cluster)s) (group by (%(cluster)s, instance) (etcd_headroom_endpoints%(selector)s or etcd_headroom_up%(selector)s))' % $._config,
    },
  ],
}
