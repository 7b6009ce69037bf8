// The forecast of the alerts, drawn ahead.
//
// A panel whose relative time is "+24h" shows from now to 24 hours ahead. Its queries run at times to come, at which
// `@ start()` still reads the present, so that each line starts at the present level and reaches the quota when it is forecast to.
import * as common from '@grafana/grafana-foundation-sdk/common';
import { type Source } from './answers.js';
import { TIME } from './limits.js';
import { dashed, fixed, lines, ORANGE, RED, SKY, type Options, type Query } from './panels.js';
import { BY, HERE } from './queries.js';

/** What the exporter's rules record. */
export const EXPORTER: Source = {
  bundle: 'EtcdHeadroom',
  time: (here) => `cluster:etcd_headroom_time_to_quota_seconds:min{${here}}`,
  room: (here) => `cluster:etcd_headroom_room_bytes:min{${here}}`,
  refused: (here) => `(cluster:etcd_headroom_alarm_active:max{${here ? `${here}, ` : ''}alarm="NOSPACE"} == 1)`,
};

const AT = `{${HERE}} @ start()`;
const QUOTA = `cluster:etcd_headroom_quota_bytes:min${AT}`;
const ROOM = `cluster:etcd_headroom_room_bytes:min${AT}`;
const seconds = (which: string) => `cluster:etcd_headroom_time_to_quota_seconds:${which}${AT}`;
const AHEAD = `(time() - scalar(max(timestamp(${ROOM}))))`;

/** From the present level to the quota, and on at the quota. Of several etcds the one that is full first: a band has one name. */
const line = (which: string, legend: string, look: Query['look']): Query => ({
  expr: `${QUOTA}
- on (${BY}) ${ROOM} * on (${BY}) clamp_min(1 - ${AHEAD} / ${seconds(which)}, 0)
and on (${BY}) bottomk(1, ${seconds('min')})`,
  legend,
  look,
});

const EARLY = 'at the earliest';
const LATE = 'at the latest';

export const forecast = lines({
  title: 'The next 24 hours',
  description:
    'Where the level gets to at its growth, between the early and the late end of an 80 % band: at the quota writes are refused.',
  unit: 'bytes',
  w: 12,
  h: 8,
  queries: [
    { expr: QUOTA, legend: 'quota {{etcd_cluster}}', look: dashed(RED) },
    { expr: `${QUOTA} - on (${BY}) ${ROOM}`, legend: 'now {{etcd_cluster}}', look: fixed(SKY) },
    line('min', 'at the present growth', dashed(ORANGE)),
    line('p10', EARLY, { ...fixed(ORANGE), 'custom.lineWidth': 1, 'custom.fillOpacity': 25, 'custom.fillBelowTo': LATE }),
    line('p90', LATE, { ...fixed(ORANGE), 'custom.lineWidth': 1 }),
  ],
}).timeFrom('+24h');

/** Seconds until full, with the limits of the alerts. */
export const timeToQuota = (o: Omit<Options, 'unit' | 'h' | 'steps'>) =>
  lines({ ...o, unit: 's', h: 8, steps: TIME }).scaleDistribution(
    new common.ScaleDistributionConfigBuilder().type(common.ScaleDistribution.Log).log(10)
  );
