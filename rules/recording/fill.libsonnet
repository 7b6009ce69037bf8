{
  _forecast+:: [
    // --- How full it is. A member counts from ten minutes after its start: while it catches up, it does not grow.
    {
      record: 'fill:etcd_headroom_used_bytes',
      labels: { of: 'in_use' },
      expr: |||
        max by (%(cluster)s) (
          member:etcd_headroom_db_in_use_bytes:max
          unless on (%(cluster)s, member) time() - member:etcd_headroom_member_start_time_seconds:max < 10 * 60
          unless on (%(cluster)s, member) member:etcd_headroom_member_is_learner:max == 1
        )
      ||| % $._config,
    },
    {
      record: 'fill:etcd_headroom_used_bytes',
      labels: { of: 'file' },
      expr: |||
        member:etcd_headroom_db_size_bytes:max
        unless on (%(cluster)s, member) time() - member:etcd_headroom_member_start_time_seconds:max < 10 * 60
      ||| % $._config,
    },
    // Peaks. A quarter of an hour is more than the API server's compaction interval (5 min) and bridges restarts and gaps.
    {
      record: 'fill:etcd_headroom_used_bytes:max15m',
      expr: 'max_over_time(fill:etcd_headroom_used_bytes[15m])' % $._config,
    },
    {
      record: 'fill:etcd_headroom_used_bytes:max1h',
      expr: 'max_over_time(fill:etcd_headroom_used_bytes:max15m[1h])' % $._config,
    },
    // The peak of a whole cycle of compaction, so that growth is seen and the sawtooth is not: etcd's own goes by the hour.
    {
      record: 'fill:etcd_headroom_cycle_peak_bytes:max',
      expr: |||
        fill:etcd_headroom_used_bytes:max1h{of="in_use"} and on (%(cluster)s) cluster:etcd_headroom_compaction_interval_seconds:max > 15 * 60
        or
        fill:etcd_headroom_used_bytes:max15m
      ||| % $._config,
    },
    {
      record: 'fill:etcd_headroom_quota_bytes:min',
      labels: { of: 'in_use' },
      expr: 'cluster:etcd_headroom_quota_bytes:min' % $._config,
    },
    {
      record: 'fill:etcd_headroom_quota_bytes:min',
      labels: { of: 'file' },
      expr: 'member:etcd_headroom_quota_bytes:min' % $._config,
    },
    {
      record: 'fill:etcd_headroom_room_bytes:min',
      expr: 'clamp_min(fill:etcd_headroom_quota_bytes:min - fill:etcd_headroom_cycle_peak_bytes:max, 0)' % $._config,
    },
    // The file now, with no waiting: for pages that need no trend.
    {
      record: 'member:etcd_headroom_file_room_bytes:min',
      expr: 'member:etcd_headroom_quota_bytes:min - member:etcd_headroom_db_size_bytes:max' % $._config,
    },
    // 1 when every member of the member list is seen and below 90 % of its own quota, and CORRUPT is not armed.
    {
      record: 'cluster:etcd_headroom_space_is_back:bool',
      expr: |||
        (
          count by (%(cluster)s) (last_over_time(member:etcd_headroom_file_room_bytes:min[10m]) > 0.1 * member:etcd_headroom_quota_bytes:min)
          >= bool on (%(cluster)s)
          sum by (%(cluster)s) (cluster:etcd_headroom_cluster_members:max)
        )
        unless on (%(cluster)s) last_over_time(member:etcd_headroom_file_room_bytes:min[10m]) <= 0.1 * member:etcd_headroom_quota_bytes:min
        unless on (%(cluster)s) cluster:etcd_headroom_alarm_active:max{alarm="CORRUPT"} == 1
      ||| % $._config,
    },
    // The highest in-use of the last hour; a file that is smaller than that was defragmented since, and rules.
    {
      record: 'member:etcd_headroom_peak_in_use_bytes:max1h',
      expr: |||
        max_over_time(member:etcd_headroom_db_in_use_bytes:max[1h]) < member:etcd_headroom_db_size_bytes:max
        or
        member:etcd_headroom_db_size_bytes:max and max_over_time(member:etcd_headroom_db_in_use_bytes:max[1h])
      ||| % $._config,
    },
    {
      record: 'cluster:etcd_headroom_room_bytes:min',
      expr: 'min by (%(cluster)s) (fill:etcd_headroom_room_bytes:min)' % $._config,
    },
    // The room before a burst that may just be on its way: from the lowest of two hours.
    {
      record: 'cluster:etcd_headroom_burst_room_bytes:min',
      expr: |||
        cluster:etcd_headroom_quota_bytes:min
        - on (%(cluster)s)
        min by (%(cluster)s) (min_over_time(fill:etcd_headroom_used_bytes:max15m{of="in_use"}[2h]))
      ||| % $._config,
    },
    // What a defragmentation gives back for good, at the least: free even at the peak of the last hour.
    {
      record: 'member:etcd_headroom_reclaimable_bytes:min',
      expr: 'member:etcd_headroom_db_size_bytes:max - member:etcd_headroom_peak_in_use_bytes:max1h' % $._config,
    },
    // For comparing members: voters only, a learner is still catching up.
    {
      record: 'member:etcd_headroom_voter_in_use_bytes:max15m',
      expr: |||
        max_over_time(member:etcd_headroom_db_in_use_bytes:max[15m])
        unless on (%(cluster)s, member) member:etcd_headroom_member_is_learner:max == 1
      ||| % $._config,
    },
  ],
}
