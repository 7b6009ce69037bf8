// The forecast of the alerts, drawn ahead.
//
// A panel whose relative time is "+24h" shows from now to 24 hours ahead. Its queries run at times to come, at which
// `@ start()` still reads the present, so that each line starts at the present level and rises at the present growth.
import { REACH } from './limits.js';
import { dashed, fixed, lines, ORANGE, RED, SKY, type Query } from './panels.js';
import { HERE, MEMBERS } from './queries.js';

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
  description:
    'Where the highest in-use of all voters and the file of the fullest member get to if they grow as they did in each horizon; only what grows beyond the ordinary has a line, and no line reaches further than its horizon allows. A line that meets the quota says when writes are refused: stop the writer before.',
  unit: 'bytes',
  w: 10,
  h: 8,
  queries: [
    { expr: `member:etcd_headroom_quota_bytes:min{${MEMBERS}} @ start()`, legend: 'quota {{etcd_cluster}}', look: dashed(RED) },
    { expr: `member:etcd_headroom_db_size_bytes:max{${MEMBERS}} @ start()`, legend: 'file now {{etcd_cluster}}', look: fixed(SKY) },
    ...Object.entries(REACH).map(([horizon, reach]) => growth(horizon, reach)),
  ],
}).timeFrom('+24h');
