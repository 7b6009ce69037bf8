// One etcd cluster: safe or not, until when, who, since when, what to do; then its members and the forecast.
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { alertTable, firing } from './alerts.js';
import { answers, commonStates, type State } from './answers.js';
import { board, INCIDENT, OVERVIEW, toBoard, WRITERS } from './board.js';
import { EXPORTER, forecast, timeToQuota } from './forecast.js';
import { GAIN, ROOM } from './limits.js';
import * as panels from './panels.js';
import { BLUE, dashed, fixed, GREY, ORANGE, RED, SKY } from './panels.js';
import { BY, diskIsNearer, fileRoomRatio, HERE, MEMBERS } from './queries.js';

const LIMIT_WORDS = panels.words(['quota', BLUE], ['disk', ORANGE]);

const refused = EXPORTER.refused(HERE);
const firingAs = (alert: string) => firing(`EtcdHeadroom${alert}`, `severity="critical", ${HERE}`);
const [safe, atRisk, filling] = commonStates(EXPORTER, 'stop the writer');
const states: State[] = [
  safe,
  atRisk,
  { ...filling, expr: `(${filling.expr} or member:etcd_headroom_almost_full_bytes:min{${HERE}})` },
  { word: 'not safe', action: 'compact', color: RED, expr: firingAs('CompactionStalled') },
  { word: 'not safe', action: 'free the disk', color: RED, expr: firingAs('DiskAlmostFull') },
  { word: 'refuses writes', action: 'make space', color: RED, expr: refused },
  {
    word: 'refuses writes',
    action: 'disarm',
    color: RED,
    expr: `(${refused} and on (${BY}) cluster:etcd_headroom_space_is_back:bool{${HERE}} == 1)`,
  },
  {
    word: 'corrupt',
    action: 'change nothing',
    color: RED,
    expr: `(cluster:etcd_headroom_alarm_active:max{${HERE}, alarm="CORRUPT"} == 1)`,
  },
];

const row = answers(
  EXPORTER,
  states,
  {
    title: 'Who',
    description: 'The field manager and the resource that wrote most of the bytes of the last 15 minutes, with their shares.',
    unit: 'percentunit',
    queries: [
      {
        expr: `max by (${BY}, manager) (cluster:etcd_headroom_top_manager:ratio15m{${HERE}})`,
        legend: '{{manager}} {{etcd_cluster}}',
        look: { links: [{ title: 'What it writes', url: toBoard(WRITERS, '&var-manager=${__field.labels.manager}') }] },
      },
      {
        expr: `max by (${BY}, resource) (cluster:etcd_headroom_top_writer:ratio15m{${HERE}})`,
        legend: '{{resource}} {{etcd_cluster}}',
        look: { links: [{ title: 'Who writes it', url: toBoard(WRITERS, '&var-resource=${__field.labels.resource}') }] },
      },
    ],
  },
  [{ title: 'The recovery, step by step', url: toBoard(INCIDENT) }]
);

const headroom = panels
  .number({
    title: 'Headroom',
    description: 'Share of the quota that the largest file may still grow: at 0 etcd refuses every write.',
    unit: 'percentunit',
    w: 5,
    h: 6,
    steps: ROOM,
    queries: [{ expr: `min by (${BY}) (${fileRoomRatio(MEMBERS)})`, legend: '{{etcd_cluster}}' }],
  })
  .decimals(1);

const file = panels.stack({
  title: '$member: file, data in use and quota',
  description: 'The file, in use and free pages, is what etcd compares to the quota, and only a defragmentation makes it smaller.',
  unit: 'bytes',
  w: 14,
  h: 8,
  queries: [
    { expr: `member:etcd_headroom_db_in_use_bytes:max{${MEMBERS}}`, legend: 'in use {{etcd_cluster}}', look: fixed(SKY) },
    { expr: `max by (${BY}, member) (etcd_headroom_db_free_bytes{${MEMBERS}})`, legend: 'free {{etcd_cluster}}', look: fixed(GREY) },
    { expr: `member:etcd_headroom_quota_bytes:min{${MEMBERS}}`, legend: 'quota {{etcd_cluster}}', look: dashed(RED) },
  ],
});

const horizons = timeToQuota({
  title: 'Time to quota by horizon',
  description:
    'The room over the growth that each horizon saw: a short line alone is a burst, all of them together are growth that will not stop.',
  w: 12,
  queries: [
    { expr: `min by (${BY}, horizon) (fill:etcd_headroom_time_to_quota_seconds{${HERE}})`, legend: '{{horizon}} {{etcd_cluster}}' },
  ],
});

const fragmentation = panels.lines({
  title: 'Fragmentation',
  description:
    'Free share of each file, and the share of the quota that stays free even at the peak of an hour, which a defragmentation gives back.',
  unit: 'percentunit',
  w: 10,
  h: 8,
  steps: GAIN,
  queries: [
    {
      expr: `max by (${BY}, member) (etcd_headroom_db_fragmentation_ratio{${MEMBERS}})`,
      legend: '{{member}}, of the file {{etcd_cluster}}',
    },
    {
      expr: `member:etcd_headroom_reclaimable_bytes:min{${MEMBERS}} / member:etcd_headroom_quota_bytes:min{${MEMBERS}}`,
      legend: '{{member}}, gain of the quota {{etcd_cluster}}',
    },
  ],
});

const room = panels.lines({
  title: 'Room left: quota and disk',
  description: 'How far each file may grow until its quota and until its disk is full, of which the lower line is the limit.',
  unit: 'bytes',
  w: 8,
  h: 8,
  queries: [
    { expr: `member:etcd_headroom_file_room_bytes:min{${MEMBERS}}`, legend: '{{member}}, quota {{etcd_cluster}}' },
    {
      expr: `member:etcd_headroom_data_disk_free_bytes:min{${MEMBERS}}`,
      legend: '{{member}}, disk {{etcd_cluster}}',
      look: { 'custom.lineStyle': { fill: 'dash', dash: [10, 10] } },
    },
  ],
});

const nearer = panels
  .states({
    title: 'Nearer limit',
    description: 'The limit that each member reaches first, which is the quota if the disk is not known.',
    unit: 'short',
    w: 8,
    h: 8,
    steps: [
      [null, BLUE],
      [1, ORANGE],
    ],
    queries: [{ expr: diskIsNearer(MEMBERS), legend: '{{member}} {{etcd_cluster}}', look: LIMIT_WORDS }],
  })
  .rowHeight(0.8);

const reads = panels.lines({
  title: 'Open read transactions',
  description: 'Reads that stay above the value at rest keep the pages that compaction frees from being used again.',
  unit: 'short',
  w: 8,
  h: 8,
  queries: [
    { expr: `member:etcd_headroom_open_reads:max{${MEMBERS}}`, legend: '{{member}} {{etcd_cluster}}' },
    {
      expr: `max by (${BY}) (member:etcd_headroom_open_reads_at_rest:min{${MEMBERS}})`,
      legend: 'at rest {{etcd_cluster}}',
      look: dashed(RED),
    },
    {
      expr: `cluster:etcd_headroom_db_pinned_bytes:max{${HERE}}`,
      legend: 'pinned bytes {{etcd_cluster}}',
      look: { ...fixed(ORANGE), unit: 'bytes', 'custom.axisPlacement': 'right' },
    },
  ],
});

const revisions = panels.lines({
  title: 'Write transactions',
  description: 'Revisions per second, each of which is a transaction that stores something.',
  unit: 'ops',
  w: 8,
  h: 7,
  queries: [{ expr: `max by (${BY}) (rate(etcd_headroom_revision{${HERE}}[$__rate_interval]))`, legend: 'revisions/s {{etcd_cluster}}' }],
});

const history = panels.lines({
  title: 'Revisions kept',
  description: 'Revisions since the last compaction: a sawtooth while compaction works, a ramp without teeth after it has stopped.',
  unit: 'short',
  w: 8,
  h: 7,
  queries: [
    {
      expr: `cluster:etcd_headroom_revision:max{${HERE}} - clamp_min(cluster:etcd_headroom_compact_revision:max{${HERE}}, 0)`,
      legend: 'revisions {{etcd_cluster}}',
    },
  ],
});

const age = panels.lines({
  title: 'Time since compaction',
  description: 'Time since the compacted revision moved, and the limit of three usual gaps above which CompactionStalled fires.',
  unit: 's',
  w: 8,
  h: 7,
  queries: [
    { expr: `cluster:etcd_headroom_compaction_age_seconds:min{${HERE}}`, legend: 'since compaction {{etcd_cluster}}' },
    { expr: `3 * cluster:etcd_headroom_compaction_interval_seconds:max{${HERE}}`, legend: 'stalled {{etcd_cluster}}', look: dashed(RED) },
  ],
});

const state = panels
  .states({
    title: 'Members, alarms and defragmentations',
    description: 'Whether each member answers, defragments or has an alarm armed: a silent one that defragments answers when it is done.',
    unit: 'short',
    w: 24,
    h: 7,
    steps: [
      [null, BLUE],
      [1, RED],
    ],
    queries: [
      {
        expr: `1 - member:etcd_headroom_up:max{${MEMBERS}}`,
        legend: '{{member}} {{etcd_cluster}}',
        look: panels.words(['answers', BLUE], ['silent', RED]),
      },
      {
        expr: `max by (${BY}, member) (etcd_headroom_defrag_in_progress{${MEMBERS}})`,
        legend: '{{member}} defragments {{etcd_cluster}}',
        look: panels.words(['no', BLUE], ['yes', ORANGE]),
      },
      {
        expr: `cluster:etcd_headroom_alarm_active:max{${HERE}}`,
        legend: '{{alarm}} {{etcd_cluster}}',
        look: panels.words(['clear', BLUE], ['armed', RED]),
      },
    ],
  })
  .rowHeight(0.8);

export const overview = board(
  OVERVIEW,
  'etcd headroom: overview',
  'How far each etcd is from refusing every write because its database is full, when it will be, and who fills it.'
)
  .withPanel(row.safe)
  .withPanel(row.end)
  .withPanel(row.who)
  .withPanel(row.since)
  .withPanel(row.todo)
  .withPanel(headroom)
  .withPanel(alertTable(EXPORTER.bundle, HERE, { w: 19, h: 6 }))
  .withRow(new dashboard.RowBuilder('Member $member').repeat('member'))
  .withPanel(file)
  .withPanel(fragmentation)
  .withRow(new dashboard.RowBuilder('Forecast'))
  .withPanel(forecast)
  .withPanel(horizons)
  .withRow(new dashboard.RowBuilder('Disk and open reads'))
  .withPanel(room)
  .withPanel(nearer)
  .withPanel(reads)
  .withRow(new dashboard.RowBuilder('History'))
  .withPanel(revisions)
  .withPanel(history)
  .withPanel(age)
  .withRow(new dashboard.RowBuilder('State'))
  .withPanel(state);
