// Am I safe, for how long, who: all clusters, then the chosen one.
import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { board, OVERVIEW, runbook, toBoard, WRITERS } from './board.js';
import { forecast } from './forecast.js';
import { GAIN, ROOM, TIME } from './limits.js';
import * as panels from './panels.js';
import { BLUE, cell, dashed, fixed, GREY, ORANGE, RED, SKY, steps } from './panels.js';
import { alarms, BY, diskIsNearer, fileRoomRatio, HERE, MEMBERS } from './queries.js';

// Where there is a forecast and it sees no end, this many seconds stand for it; where there is none, there is no sample.
const NONE = 1e9;
const none = {
  mappings: [{ type: 'range', options: { from: NONE, to: 10 * NONE, result: { text: 'none in sight', color: BLUE, index: 0 } } }],
};
const fullIn = (here: string) =>
  `min by (${BY}) (cluster:etcd_headroom_time_to_quota_seconds:min${here} or 0 * cluster:etcd_headroom_room_bytes:min${here} + ${NONE})`;
const LIMIT_WORDS = panels.words(['quota', BLUE], ['disk', ORANGE]);
const FIRING = 'ALERTS{alertname=~"EtcdHeadroom.*", alertstate="firing"';

const clusters = panels.rows(
  {
    title: 'All clusters',
    description:
      'One row for each etcd cluster. The member with the least headroom stops the writes of all. Red: go to the incident board. Click a cluster to see it below.',
    unit: 'short',
    w: 24,
    h: 6,
    queries: [
      { expr: `bottomk by (${BY}) (1, ${fileRoomRatio('')})` },
      { expr: `min by (${BY}) (member:etcd_headroom_nearest_room_bytes:min)` },
      { expr: fullIn('') },
      { expr: alarms('') },
      { expr: `max by (${BY}, resource) (cluster:etcd_headroom_top_writer:ratio15m)` },
      { expr: `max by (${BY}) (${diskIsNearer('')})` },
      { expr: `max by (${BY}, manager) (cluster:etcd_headroom_top_manager:ratio15m)` },
    ],
  },
  [
    {
      field: 'cluster',
      title: 'Cluster',
      look: {
        links: [
          {
            title: 'Show ${__value.raw}',
            url: `/d/${OVERVIEW}?\${datasource:queryparam}&\${__url_time_range}&var-cluster=\${__value.raw}`,
          },
        ],
      },
    },
    { field: 'etcd_cluster', title: 'etcd' },
    { field: 'Value #A', title: 'Headroom', look: { unit: 'percentunit', decimals: 1, ...steps(ROOM), ...cell } },
    { field: 'Value #B', title: 'Bytes left', look: { unit: 'bytes' } },
    { field: 'Value #F', title: 'until the end of', look: { ...LIMIT_WORDS, ...cell } },
    { field: 'member', title: 'Worst member' },
    { field: 'Value #C', title: 'Full in', look: { unit: 's', ...steps(TIME), ...cell, ...none } },
    { field: 'Value #D', title: 'Alarm', look: { ...panels.ALARM_WORDS, ...cell } },
    { field: 'manager', title: 'Top writer', look: { 'custom.width': 200 } },
    { field: 'resource', title: 'Top resource', look: { 'custom.width': 200 } },
    { field: 'Value #E', title: 'of all bytes', look: { unit: 'percentunit', decimals: 0 } },
  ]
);

const headroom = panels
  .number({
    title: 'Headroom',
    description:
      'Share of the quota that the largest file may still grow; at 0 etcd refuses every write. Blue: safe now. Below 20 %: see what a defragmentation gives back, and who writes.',
    unit: 'percentunit',
    w: 5,
    h: 4,
    steps: ROOM,
    queries: [{ expr: `min by (${BY}) (${fileRoomRatio(MEMBERS)})`, legend: '{{etcd_cluster}}' }],
  })
  .decimals(1);

const end = panels
  .number({
    title: 'Full in',
    description:
      'When a member reaches its quota if growth goes on: the soonest of all horizons, as in the alerts. Red: under 75 min, it pages. Stop the writer on the right first, then make space.',
    unit: 's',
    w: 5,
    h: 4,
    steps: TIME,
    noValue: 'no data',
    queries: [{ expr: fullIn(`{${HERE}}`), legend: '{{etcd_cluster}}' }],
  })
  .withOverride({ matcher: { id: 'byType', options: 'number' }, properties: panels.properties(none) });

const alarm = panels
  .number({
    title: 'Alarm',
    description:
      'NOSPACE: every write is refused until space is made and the alarm disarmed; open the incident board. CORRUPT: do not disarm, compact or defragment; see its runbook.',
    unit: 'short',
    w: 4,
    h: 4,
    queries: [{ expr: alarms(HERE), legend: '{{etcd_cluster}}' }],
  })
  .withOverride({ matcher: { id: 'byType', options: 'number' }, properties: panels.properties(panels.ALARM_WORDS) });

const writer = panels
  .number({
    title: 'Top writer',
    description:
      'The field manager that wrote most of the bytes of the last 15 minutes, then the resource, and their shares. All that is written fills the database until it is compacted. Absent: no watch is connected.',
    unit: 'percentunit',
    w: 5,
    h: 4,
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
  })
  .textMode(common.BigValueTextMode.ValueAndName)
  .decimals(0);

const firing = panels
  .number({
    title: 'Alerts firing',
    description:
      'Alerts of these rules that fire for this cluster, by severity; the list with their runbooks is below. Absent: the rules are not loaded here.',
    unit: 'short',
    w: 5,
    h: 4,
    queries: ['critical', 'warning'].map((severity) => ({
      expr: `count(${FIRING}, severity="${severity}", ${HERE}}) or 0 * count(cluster:etcd_headroom_quota_bytes:min{${HERE}})`,
      legend: severity,
      look: steps([
        [null, BLUE],
        [1, severity === 'critical' ? RED : ORANGE],
      ]),
    })),
  })
  .textMode(common.BigValueTextMode.ValueAndName);

const file = panels.stack({
  title: '$member: file, data in use and quota',
  description:
    'The file (in use and free pages) is what etcd compares to the quota; it never shrinks by itself. In use is what compaction and deletes lower. In use near the quota: delete or stop writers. Much free: defragment this member.',
  unit: 'bytes',
  w: 14,
  h: 8,
  queries: [
    { expr: `member:etcd_headroom_db_in_use_bytes:max{${MEMBERS}}`, legend: 'in use {{etcd_cluster}}', look: fixed(SKY) },
    { expr: `max by (${BY}, member) (etcd_headroom_db_free_bytes{${MEMBERS}})`, legend: 'free {{etcd_cluster}}', look: fixed(GREY) },
    { expr: `member:etcd_headroom_quota_bytes:min{${MEMBERS}}`, legend: 'quota {{etcd_cluster}}', look: dashed(RED) },
  ],
});

const timeToQuota = panels
  .lines({
    title: 'Time to quota by horizon',
    description:
      'Room over growth as each horizon saw it: 11m and 16m see storms, 4h and 1d leaks. Lines: 75 min pages, 36 h makes a ticket. A line only in the short ones is a burst; in all of them, growth that will not stop.',
    unit: 's',
    w: 12,
    h: 8,
    steps: TIME,
    queries: [
      { expr: `min by (${BY}, horizon) (fill:etcd_headroom_time_to_quota_seconds{${HERE}})`, legend: '{{horizon}} {{etcd_cluster}}' },
    ],
  })
  .scaleDistribution(new common.ScaleDistributionConfigBuilder().type(common.ScaleDistribution.Log).log(10));

const fragmentation = panels.lines({
  title: 'Fragmentation',
  description:
    'Free share of each file, and what was free of it even at the peak of the last hour, as a share of the quota. That over 25 % and the file over 90 %, or over 80 % and so for a whole day (a nightly batch needs such pages again): defragment, one member at a time, the leader last. Means little on files of a few MB.',
  unit: 'percentunit',
  w: 12,
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
  description:
    'How far each file may still grow by its quota, and what is free on its disk, if the exporter reads the data directory. The lower line is the nearer limit. Disk below quota: the disk is full first, and etcd dies. A defragmentation needs as much free disk as is in use.',
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
    description:
      'Which limit each member reaches first. Disk: make room on it or give etcd a disk of its own. It is the quota where the disk is not known.',
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
  description:
    'Above the dashed value at rest for long: a snapshot or a backup stalls, and pages that compaction frees stay unusable. Do not delete or defragment then. End the reader first: see the runbook of ReadPinsPages.',
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
  description:
    'Revisions a second: each is a transaction that stores something. A step up that stays: find the writer on the next board. Sinking with an alarm armed: only deletes and expiring leases are left.',
  unit: 'ops',
  w: 8,
  h: 7,
  queries: [{ expr: `max by (${BY}) (rate(etcd_headroom_revision{${HERE}}[$__rate_interval]))`, legend: 'revisions/s {{etcd_cluster}}' }],
});

const history = panels.lines({
  title: 'Revisions kept',
  description:
    'Revisions since the last compaction: a sawtooth. It falls every 5 min where the API server compacts. A ramp without teeth: compaction has stopped, everything written stays stored.',
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
  description:
    'When the compacted revision last moved, and the limit beyond which CompactionStalled fires: three times the usual gap. Above it: look for the API servers, then compact by hand.',
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
    description:
      'Silent and defragmenting: wait, it answers when done. Silent and not: the member is down. NOSPACE or CORRUPT armed: go to the incident board.',
    unit: 'short',
    w: 12,
    h: 8,
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

const alerts = panels.rows(
  {
    title: 'Alerts that fire',
    description: 'Each leads to its runbook. Empty is good where the rules are loaded. Begin with critical; one cause may fire several.',
    unit: 'short',
    w: 12,
    h: 8,
    queries: [{ expr: `${FIRING}, ${HERE}}` }],
  },
  [
    { field: 'severity', title: 'Severity' },
    { field: 'alertname', title: 'Alert', look: { links: [{ title: 'Runbook', url: runbook('${__value.raw}'), targetBlank: true }] } },
    { field: 'member', title: 'Member' },
    { field: 'resource', title: 'Resource' },
    { field: 'component', title: 'Component' },
    { field: 'etcd_cluster', title: 'etcd' },
  ]
);

export const overview = board(
  OVERVIEW,
  'etcd headroom: overview',
  'How far each etcd is from refusing every write because its database is full, when it will be, and who fills it.'
)
  .withPanel(clusters)
  .withPanel(headroom)
  .withPanel(end)
  .withPanel(alarm)
  .withPanel(writer)
  .withPanel(firing)
  .withRow(new dashboard.RowBuilder('Member $member').repeat('member'))
  .withPanel(file)
  .withPanel(forecast)
  .withRow(new dashboard.RowBuilder('Growth and free pages'))
  .withPanel(timeToQuota)
  .withPanel(fragmentation)
  .withRow(new dashboard.RowBuilder('Disk and open reads'))
  .withPanel(room)
  .withPanel(nearer)
  .withPanel(reads)
  .withRow(new dashboard.RowBuilder('History'))
  .withPanel(revisions)
  .withPanel(history)
  .withPanel(age)
  .withRow(new dashboard.RowBuilder('State'))
  .withPanel(state)
  .withPanel(alerts);
