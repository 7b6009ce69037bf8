{
  // Each horizon speaks of a future a few times its own length, no further; the soonest wins.
  _soonest(seconds, days)::
    local reaches = [[h.horizon, h.reach] for h in $._config.horizons] + (if days then [['1d', $._config.ticketWithin]] else []);
    'min by (%s) (\n  %s\n)\n' % [
      $._config.cluster,
      std.join('\n  or\n  ', ['%s{horizon="%s"} < %s' % [seconds, reach[0], reach[1]] for reach in reaches]),
    ],

  _forecast+:: [
    // --- When it is full.
    // Nothing is foretold while three quarters of the quota have never been used.
    {
      record: 'fill:etcd_headroom_time_to_quota_seconds',
      expr: |||
        (fill:etcd_headroom_room_bytes:min < 0.75 * fill:etcd_headroom_quota_bytes:min)
        / ignoring (horizon) group_right ()
        (fill:etcd_headroom_growth_bytes:rate > 0)
      ||| % $._config,
    },
    {
      record: 'cluster:etcd_headroom_time_to_quota_seconds:min',
      expr: $._soonest('fill:etcd_headroom_time_to_quota_seconds', true),
    },
  ],
}
