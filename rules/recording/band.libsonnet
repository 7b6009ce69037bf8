// How sure the forecast is: eight of ten fills end between p10 and p90. See tests/leadtime/RANDOM_FILLS.md, where the factors are from.
//   pace     bytes per second: the mean of the windows that saw at least six tenths of the fastest. A window that began before the
//            growth did sees less.
//   spread   how much the pace of the quarters of an hour varied in the last two hours
// The forecast that pages is the soonest of its horizons, and it may be sooner than p10.
{
  local peak = 'fill:etcd_headroom_cycle_peak_bytes:max',
  local windows = [['30m', 1800], ['1h', 3600], ['2h', 7200], ['4h', 14400]],
  local paces = std.join('\n  or\n  ', [
    'label_replace((%(peak)s - %(peak)s offset %(window)s) / %(seconds)d, "window", "%(window)s", "", "")'
    % { peak: peak, window: window[0], seconds: window[1] }
    for window in windows
  ]),
  local spread = 'stddev_over_time((%(peak)s - %(peak)s offset 15m)[2h:15m]) / 900' % { peak: peak },
  local pace = 'fill:etcd_headroom_pace_bytes:rate',
  local full(quantile, expr) = {
    record: 'cluster:etcd_headroom_time_to_quota_seconds:' + quantile,
    expr: |||
      min by (%(cluster)s) (
        (fill:etcd_headroom_room_bytes:min > 0)
        / on (%(cluster)s, of)
        (%(expr)s)
      )
      and on (%(cluster)s) cluster:etcd_headroom_time_to_quota_seconds:min
    ||| % ($._config { expr: expr }),
  },

  _forecast+:: [
    // While there is a forecast.
    {
      record: pace,
      expr: |||
        avg by (%(cluster)s, of) (
          (
            %(paces)s
          )
          >= on (%(cluster)s, of) group_left ()
          (0.6 * max by (%(cluster)s, of) (
            %(paces)s
          ) > 0)
        )
        and on (%(cluster)s, of) fill:etcd_headroom_time_to_quota_seconds
      ||| % ($._config { paces: std.strReplace(paces, '\n', '\n    ') }),
    },
    full('p10', '1.3 * %s + 0.5 * %s' % [pace, spread]),
    full('p50', pace),
    full('p90', '0.62 * ' + pace),
  ],
}
