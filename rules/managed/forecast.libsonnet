// How fast the file grows, as in ../recording/growth.libsonnet, of which this is the part that one series of sizes allows:
//   rise      over each horizon h
//   ordinary  what the last day explains, and this day a week ago: its largest file, or the level at the start of h and the largest
//             rise over h of that day
//   growth    bytes per second, the least of three: over the first quarter, the whole, and the last quarter of h. The first two count from
//             the level at the start of h, or from the ordinary one if that is higher. On the first day nothing is ordinary yet.
{
  local used = 'cluster:etcd_managed_used_bytes:max',
  local part(name, expr) = 'label_replace(' + expr + ', "part", "' + name + '", "", "")',
  local ordinary = 'ignoring (horizon) cluster:etcd_managed_ordinary_bytes:min{horizon="%(horizon)s"}',
  local growth(h) = std.join('\n  or\n  ', [
    part('first', '(%(used)s offset %(first)s - %(used)s offset %(horizon)s) / %(end)d'),
    part('whole', '(%(used)s - %(used)s offset %(horizon)s) / %(seconds)d'),
    part('last', '(%(used)s - %(used)s offset %(last)s and %(used)s offset %(horizon)s) / %(end)d'),
    part('first, unusual', '(%(used)s offset %(first)s - ' + ordinary + ') / %(end)d'),
    part('whole, unusual', '(%(used)s - ' + ordinary + ') / %(seconds)d'),
  ]) % ($._config + h + { used: used }),
  // Of the last day, and of the coming one as it was a week ago.
  local aWeekAgoToo(expr, lately, more) = |||
    max by (%s) (
      %s
      or
      label_replace(%s, "of", "a week ago", "", "")
    )
  ||| % [$._config.cluster + more, expr % lately, expr % ' offset 6d'],

  managed+:: {
    groups+: [
      {
        name: 'etcd-managed-forecast',
        rules: std.flattenArrays([
          [
            {
              record: 'cluster:etcd_managed_rise_bytes:max',
              labels: { horizon: h.horizon },
              expr: '%s - %s offset %s' % [used, used, h.horizon],
            },
            {
              record: 'cluster:etcd_managed_ordinary_bytes:min',
              labels: { horizon: h.horizon },
              expr: |||
                min by (%(cluster)s) (
                  label_replace(%(used)s offset %(horizon)s + on (%(cluster)s) cluster:etcd_managed_habitual_rise_bytes:max{horizon="%(horizon)s"}, "part", "habit", "", "")
                  or
                  cluster:etcd_managed_known_bytes:max offset %(horizon)s and on (%(cluster)s) cluster:etcd_managed_habitual_rise_bytes:max{horizon="%(horizon)s"}
                )
              ||| % ($._config + h + { used: used }),
            },
            {
              record: 'cluster:etcd_managed_growth_bytes:rate',
              labels: { horizon: h.horizon },
              expr: 'min by (%(cluster)s) (\n  %(growth)s\n)\n' % ($._config { growth: growth(h) }),
            },
          ]
          for h in $._config.horizons
        ]) + [
          // Nothing is foretold while three quarters of the quota have never been used.
          {
            record: 'cluster:etcd_managed_time_to_quota_seconds',
            expr: |||
              (cluster:etcd_managed_room_bytes:min > 0 and cluster:etcd_managed_room_bytes:min < 0.75 * cluster:etcd_managed_quota_bytes:min)
              / ignoring (horizon) group_right ()
              (cluster:etcd_managed_growth_bytes:rate > 0)
            |||,
          },
          {
            record: 'cluster:etcd_managed_time_to_quota_seconds:min',
            expr: $._soonest('cluster:etcd_managed_time_to_quota_seconds', $._hours),
          },
        ],
      },
      {
        name: 'etcd-managed-habits',
        interval: '2m',
        rules: [
          {
            record: 'cluster:etcd_managed_used_bytes:max1h',
            expr: 'max_over_time(%s[1h])' % used,
          },
          {
            record: 'cluster:etcd_managed_known_bytes:max',
            expr: aWeekAgoToo('max_over_time(cluster:etcd_managed_used_bytes:max1h[1d:30m]%s)', '', ''),
          },
          {
            record: 'cluster:etcd_managed_rise_bytes:max1h',
            expr: 'max_over_time(cluster:etcd_managed_rise_bytes:max[1h])',
          },
          // Of the day before, less the last four hours: what is under way is no habit.
          {
            record: 'cluster:etcd_managed_habitual_rise_bytes:max',
            expr: aWeekAgoToo('max_over_time(cluster:etcd_managed_rise_bytes:max1h[1d:30m]%s)', ' offset 4h', ', horizon'),
          },
        ],
      },
    ],
  },
}
