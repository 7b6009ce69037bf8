// When it is full.
{
  // The soonest of all horizons. Each speaks of a future a few times its own length, no further.
  _soonest(series, reaches, window='')::
    local value(horizon) = if window == '' then '%s{horizon="%s"}' % [series, horizon]
    else 'min_over_time(%s{horizon="%s"}[%s])' % [series, horizon, window];
    'min by (%s) (\n  %s\n)' % [$._config.cluster, std.join('\n  or\n  ', [value(reach[0]) + ' < ' + reach[1] for reach in reaches])],
  _hours:: [[h.horizon, h.reach] for h in $._config.horizons],
  _tickets:: $._hours + [['1d', $._config.ticketWithin]],
  // A page needs more of a trend than a ticket, and more so until a day has been seen: a nightly batch looks like a storm.
  _pagesKnowing(known):: std.flattenArrays([
    [
      [h.horizon, h.firstDayReach],
      [h.horizon, h.pageReach + ' and on (' + $._config.cluster + ') ' + known + ' offset 1d'],
    ]
    for h in $._config.horizons
  ]),
  _pages:: $._pagesKnowing('cluster:etcd_headroom_known_bytes:max'),

  // The same with a memory of ten minutes, so that a moment without growth ends nothing. Room that came back does end it: a file that
  // shrank, or a larger quota.
  _fills(reaches):: |||
    %(now)s
    or
    %(lately)s
    unless on (%(cluster)s) (
      fill:etcd_headroom_room_bytes:min{of="file"}
      > on (%(cluster)s) (min_over_time(fill:etcd_headroom_room_bytes:min{of="file"}[15m]) + on (%(cluster)s) 0.01 * cluster:etcd_headroom_quota_bytes:min)
    )
  ||| % ($._config {
           now: $._soonest('fill:etcd_headroom_time_to_quota_seconds', reaches),
           lately: $._soonest('fill:etcd_headroom_time_to_quota_seconds', reaches, '10m'),
         }),

  _forecast+:: [
    // Nothing is foretold while three quarters of the quota have never been used.
    {
      record: 'fill:etcd_headroom_time_to_quota_seconds',
      expr: |||
        (
          fill:etcd_headroom_room_bytes:min > 0
          and fill:etcd_headroom_room_bytes:min < on (%(cluster)s) group_left () 0.75 * cluster:etcd_headroom_quota_bytes:min
        )
        / ignoring (horizon) group_right ()
        (fill:etcd_headroom_growth_bytes:rate > 0)
      ||| % $._config,
    },
    {
      record: 'cluster:etcd_headroom_time_to_quota_seconds:min',
      expr: $._soonest('fill:etcd_headroom_time_to_quota_seconds', $._tickets),
    },
  ],
}
