// How full it is, per cluster: `of` is what is measured against the quota.
//   in_use  the highest in-use of the voters against the smallest quota: what fills behind a flat file
//   file    the member whose file has the least room: what is lost to fragmentation. In bytes of the smallest quota.
{
  // A member that was there a quarter of an hour ago counts at once after a restart; one that is new is still catching up.
  local catchingUp =
    'time() - member:etcd_headroom_member_start_time_seconds:max < 10 * 60 ' +
    'unless on (%(cluster)s, member) member:etcd_headroom_db_size_bytes:max offset 15m' % $._config,

  _learner:: 'member:etcd_headroom_member_is_learner:max',

  // A quarter of an hour is more than the API server's compaction interval (5 min) and bridges restarts and gaps. A file that is
  // smaller than in-use was has been defragmented since, and says what is in use at most. `unless` selects members that do not count.
  _inUsePeak(unless):: |||
    max by (%(cluster)s) (
      (
        max by (%(cluster)s, member) (max_over_time(etcd_headroom_db_in_use_bytes%(selector)s[15m]))
        < max by (%(cluster)s, member) (last_over_time(etcd_headroom_db_size_bytes%(selector)s[15m]))
        or
        max by (%(cluster)s, member) (last_over_time(etcd_headroom_db_size_bytes%(selector)s[15m]))
        and max by (%(cluster)s, member) (max_over_time(etcd_headroom_db_in_use_bytes%(selector)s[15m]))
      )
      unless on (%(cluster)s, member) (%(unless)s)
    )
  ||| % ($._config { unless: unless }),

  _forecast+:: [
    // The peak of a whole cycle of compaction, so that growth is seen and the sawtooth is not. Where etcd compacts by the hour, an
    // hour has to have been seen.
    {
      record: 'fill:etcd_headroom_cycle_peak_bytes:max',
      labels: { of: 'in_use' },
      expr: |||
        max_over_time(cluster:etcd_headroom_slow_peak_bytes:max15m[1h]) and on (%(cluster)s) cluster:etcd_headroom_slow_peak_bytes:max15m offset 1h
        or
        %(peak)s
        unless on (%(cluster)s) (
          cluster:etcd_headroom_compaction_interval_seconds:max > 15 * 60
          or
          max by (%(cluster)s) (etcd_headroom_auto_compaction_retention_seconds%(selector)s) > 15 * 60
        )
      ||| % ($._config { peak: std.strReplace(std.rstripChars($._inUsePeak(catchingUp + ' or ' + $._learner), '\n'), '\n', '\n  ') }),
    },
    {
      record: 'fill:etcd_headroom_cycle_peak_bytes:max',
      labels: { of: 'file' },
      expr: |||
        min by (%(cluster)s) (last_over_time(etcd_headroom_quota_bytes%(selector)s[15m]) > 0)
        - min by (%(cluster)s) (
          (
            min by (%(cluster)s, member) (last_over_time(etcd_headroom_quota_bytes%(selector)s[15m]) > 0)
            - max by (%(cluster)s, member) (last_over_time(etcd_headroom_db_size_bytes%(selector)s[15m]))
          )
          unless on (%(cluster)s, member) (%(catchingUp)s)
        )
      ||| % ($._config { catchingUp: catchingUp }),
    },
    {
      record: 'fill:etcd_headroom_room_bytes:min',
      expr: 'cluster:etcd_headroom_quota_bytes:min - on (%(cluster)s) group_right () fill:etcd_headroom_cycle_peak_bytes:max' % $._config,
    },
    {
      record: 'cluster:etcd_headroom_room_bytes:min',
      expr: 'clamp_min(min by (%(cluster)s) (fill:etcd_headroom_room_bytes:min), 0)' % $._config,
    },
  ],
}
