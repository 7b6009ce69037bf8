// The space of each member, for what needs no trend.
{
  _forecast+:: [
    {
      record: 'member:etcd_headroom_file_room_bytes:min',
      expr: 'member:etcd_headroom_quota_bytes:min - member:etcd_headroom_db_size_bytes:max',
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
      |||,
    },
    // What is left of a member that is about to stop the writes, and why. 1 % is 1.05 % so that rounding to whole pages does not matter.
    {
      record: 'member:etcd_headroom_almost_full_bytes:min',
      expr: |||
        label_replace(
          last_over_time(member:etcd_headroom_file_room_bytes:min[15m]) <= 0.0105 * member:etcd_headroom_quota_bytes:min,
          "why", "its file is within 1 %% of the quota", "", ""
        )
        or
        label_replace(
          last_over_time(member:etcd_headroom_file_room_bytes:min[15m]) < on (%(cluster)s) group_left () 4 * cluster:etcd_headroom_largest_write_bytes:max1h,
          "why", "its file has no room for four of the largest recent writes", "", ""
        )
        or
        label_replace(
          member:etcd_headroom_quota_bytes:min - member:etcd_headroom_peak_in_use_bytes:max1h < 0.03 * member:etcd_headroom_quota_bytes:min,
          "why", "its in-use was within 3 %% of the quota this hour", "", ""
        )
      ||| % $._config,
    },
    // What a defragmentation gives back for good, at the least: free even at the peak of the last hour.
    {
      record: 'member:etcd_headroom_reclaimable_bytes:min',
      expr: 'member:etcd_headroom_db_size_bytes:max - member:etcd_headroom_peak_in_use_bytes:max1h',
    },
  ],
}
