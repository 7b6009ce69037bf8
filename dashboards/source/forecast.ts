// The forecast of the alerts, drawn ahead.
//
// A panel whose relative time is "+24h" shows from now to 24 hours ahead. Its queries run at times to come, at which
// `@ start()` still reads the present, so that each line starts at the present level and rises at the present growth.
import * as common from '@grafana/grafana-foundation-sdk/common';
import { type Source } from './answers.js';
import { REACH, TIME } from './limits.js';
import { dashed, fixed, lines, ORANGE, RED, SKY, type Options, type Query } from './panels.js';
import { HERE, MEMBERS } from './queries.js';

/** What the exporter's rules record. */
export const EXPORTER: Source = {
  bundle: 'EtcdHeadroom',
  time: (here) => `cluster:etcd_headroom_time_to_quota_seconds:min{${here}}`,
  room: (here) => `cluster:etcd_headroom_room_bytes:min{${here}}`,
  refused: (here) => `(cluster:etcd_headroom_alarm_active:max{${here ? `${here}, ` : ''}alarm="NOSPACE"} == 1)`,
};

const LEVEL = `fill:etcd_headroom_cycle_peak_bytes:max{${HERE}} @ start()`;
const AHEAD = `(time() - scalar(max(timestamp(${LEVEL}))))`;

const growth = (horizon: string, reach: string): Query => ({
  expr: `${LEVEL}
+ on (cluster, etcd_cluster, of) group_right ()
(fill:etcd_headroom_growth_bytes:rate{${HERE}, horizon="${horizon}"} @ start() > 0) * ${AHEAD}
and on () vector(${AHEAD}) < ${reach}`,
  legend: `{{of}} ${horizon} {{etcd_cluster}}`,
  look: dashed(ORANGE, [4, 6]),
});

export const forecast = lines({
  title: '$member: the next 24 hours',
  description: 'Where in-use and the file get to if they grow as they did in each horizon: writes are refused when a line meets the quota.',
  unit: 'bytes',
  w: 10,
  h: 8,
  queries: [
    { expr: `member:etcd_headroom_quota_bytes:min{${MEMBERS}} @ start()`, legend: 'quota {{etcd_cluster}}', look: dashed(RED) },
    { expr: `member:etcd_headroom_db_size_bytes:max{${MEMBERS}} @ start()`, legend: 'file now {{etcd_cluster}}', look: fixed(SKY) },
    ...Object.entries(REACH).map(([horizon, reach]) => growth(horizon, reach)),
  ],
}).timeFrom('+24h');

/** Seconds until full, with the limits of the alerts. */
export const timeToQuota = (o: Omit<Options, 'unit' | 'h' | 'steps'>) =>
  lines({ ...o, unit: 's', h: 8, steps: TIME }).scaleDistribution(
    new common.ScaleDistributionConfigBuilder().type(common.ScaleDistribution.Log).log(10)
  );
