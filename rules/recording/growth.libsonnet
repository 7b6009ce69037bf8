// How fast it fills, seen over several horizons at once: a storm of minutes, hours, days. For each horizon h:
//   rise      how far in-use rose within h (not across a restart of every member: a restored snapshot is no growth)
//   ordinary  the level that ordinary life explains: what the last day has seen before h began, or, where that is less, the
//             level at the start of h and the largest rise over h that is habitual. A sawtooth, a daily load and a nightly
//             batch are explained; a leak, a storm at an unusual hour and a record are not.
//   growth    bytes per second, the least of three: over the first quarter (of 11m: 3 minutes), the whole, and the last quarter
//             of h. What came in one burst shorter than h is missing at one end, and does not count. The first two count from
//             the level at the start of h, or from the ordinary one if that is higher; for files from the highest in-use of the
//             last day: a file that only rises to what in-use has been, as after a defragmentation, does not grow.
// A horizon exists once there are samples at its start. For in-use it has to have a compaction within it: see shortest_horizon.
{
  local peak = 'fill:etcd_headroom_cycle_peak_bytes:max',
  local part(name, expr) = 'label_replace(' + expr + ', "part", "' + name + '", "", "")',
  local growth(h) = std.join('\n  or\n  ', [
    part('first', '(%(peak)s offset %(first)s - %(peak)s offset %(horizon)s) / %(end)d'),
    part('whole', '(%(peak)s - %(peak)s offset %(horizon)s) / %(seconds)d'),
    part('last', '(%(peak)s - %(peak)s offset %(last)s and %(peak)s offset %(horizon)s) / %(end)d'),
  ] + std.flattenArrays([
    [
      part('first, unusual', '(%(peak)s{of="' + of + '"} offset %(first)s - on (%(cluster)s) group_left () ' + level + ') / %(end)d'),
      part('whole, unusual', '(%(peak)s{of="' + of + '"} - on (%(cluster)s) group_left () ' + level + ') / %(seconds)d'),
    ]
    for of in ['in_use', 'file']
    for level in [{
      in_use: 'cluster:etcd_headroom_ordinary_bytes:min{horizon="%(horizon)s"}',
      file: 'cluster:etcd_headroom_known_bytes:max offset %(horizon)s',
    }[of]]
  ])) % ($._config + h + { peak: peak }),

  _forecast+:: std.flattenArrays([
    [
      {
        record: 'cluster:etcd_headroom_rise_bytes:max',
        labels: { horizon: h.horizon },
        expr: |||
          max by (%(cluster)s) (fill:etcd_headroom_cycle_peak_bytes:max{of="in_use"} - fill:etcd_headroom_cycle_peak_bytes:max{of="in_use"} offset %(horizon)s)
          unless on (%(cluster)s) time() - cluster:etcd_headroom_member_start_time_seconds:min < %(seconds)d + 15 * 60
        ||| % ($._config + h),
      },
      {
        record: 'cluster:etcd_headroom_ordinary_bytes:min',
        labels: { horizon: h.horizon },
        expr: |||
          min by (%(cluster)s) (
            cluster:etcd_headroom_known_bytes:max offset %(horizon)s
            or
            fill:etcd_headroom_cycle_peak_bytes:max{of="in_use"} offset %(horizon)s + on (%(cluster)s) group_left () cluster:etcd_headroom_habitual_rise_bytes:max{horizon="%(horizon)s"}
          )
        ||| % ($._config + h),
      },
      {
        record: 'fill:etcd_headroom_growth_bytes:rate',
        labels: { horizon: h.horizon },
        expr: |||
          min by (%(cluster)s, of) (
            %(growth)s
          )
          unless on (%(cluster)s, of) cluster:etcd_headroom_shortest_horizon_seconds:min > %(seconds)d
        ||| % ($._config + h + { growth: growth(h) }),
      },
    ]
    for h in $._config.horizons
  ]) + [
    // Days: from one day's peak to the next, twice in a row.
    {
      record: 'fill:etcd_headroom_growth_bytes:rate',
      labels: { horizon: '1d' },
      expr: |||
        min by (%(cluster)s, of) (
          label_replace((fill:etcd_headroom_used_bytes:max1d - fill:etcd_headroom_used_bytes:max1d offset 1d) / 86400 and fill:etcd_headroom_used_bytes:max1d offset 2d, "part", "last", "", "")
          or
          label_replace((fill:etcd_headroom_used_bytes:max1d offset 1d - fill:etcd_headroom_used_bytes:max1d offset 2d) / 86400, "part", "first", "", "")
        )
      ||| % $._config,
    },
  ],
}
