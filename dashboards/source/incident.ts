// The recovery of the WritesRefused runbook, step by step: each row answers one question, in the order of the steps.
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as text from '@grafana/grafana-foundation-sdk/text';
import { board, INCIDENT, reference, runbook, toBoard, WRITERS } from './board.js';
import { EXPORTER, timeToQuota } from './forecast.js';
import { DISARM } from './limits.js';
import * as panels from './panels.js';
import { BLUE, cell, dashed, fixed, ORANGE, RED, steps } from './panels.js';
import { alarms, BY, fileRoomRatio, HERE, MEMBERS, NAMESPACE, scoped, topTenPerSecond } from './queries.js';

const guide = new text.PanelBuilder()
  .title('Order of the recovery')
  .description('The steps of the runbook, each of which depends on the one before.')
  .height(6)
  .span(10)
  .mode(text.TextMode.Markdown)
  .content(
    [
      `**CORRUPT armed: stop.** [Its own runbook](${runbook('EtcdHeadroomCorrupt')}).`,
      '',
      `1. Snapshot, then stop the [writer](${reference('writers')}).`,
      '2. Compact once, physically; wait until in-use stops falling.',
      '3. Defragment each voter, one at a time, the leader last.',
      '4. Every member below 90 % of its quota: disarm. Never before.',
      '',
      `The commands: [EtcdHeadroomWritesRefused](${runbook('EtcdHeadroomWritesRefused')}). [Where etcdctl is](${reference('etcdctl')}).`,
    ].join('\n')
  );

const armed = panels
  .number({
    title: 'Alarm',
    description: 'The alarm that is armed: with NOSPACE etcd refuses every write, and CORRUPT has a runbook of its own.',
    unit: 'short',
    w: 3,
    h: 6,
    queries: [{ expr: alarms(HERE), legend: '{{etcd_cluster}}' }],
  })
  .withOverride({ matcher: { id: 'byType', options: 'number' }, properties: panels.properties(panels.ALARM_WORDS) });

const spaceIsBack = panels
  .number({
    title: 'Disarm?',
    description: 'Space is back once every member of the member list is seen below 90 % of its own quota and CORRUPT is not armed.',
    unit: 'short',
    w: 4,
    h: 6,
    noValue: 'not yet',
    queries: [{ expr: `cluster:etcd_headroom_space_is_back:bool{${HERE}}`, legend: '{{etcd_cluster}}' }],
  })
  .withOverride({
    matcher: { id: 'byType', options: 'number' },
    properties: panels.properties(panels.words(['not yet', ORANGE], ['space is back', BLUE])),
  });

const raisers = panels.rows(
  {
    title: 'Who raised it',
    description: 'The member whose file reached its quota is the one to shrink, but the writes of all are refused.',
    unit: 'short',
    w: 7,
    h: 6,
    queries: [{ expr: `max by (${BY}, raised_by, alarm) (etcd_headroom_alarm_active{${HERE}})` }],
  },
  [
    { field: 'alarm', title: 'Alarm' },
    { field: 'raised_by', title: 'Raised by' },
    { field: 'etcd_cluster', title: 'etcd' },
    { field: 'Value', title: 'State', look: { ...panels.words(['clear', BLUE], ['armed', RED]), ...cell } },
  ],
  'State'
);

const bytes = { metric: 'etcd_headroom_write_bytes_total', by: ['resource'] };
const namespaces = {
  metric: 'etcd_headroom_namespace_write_bytes_total',
  by: ['object_namespace'],
  total: `etcd_headroom_write_bytes_total{${HERE}}`,
};

const managers = { metric: 'etcd_headroom_manager_write_bytes_total', by: ['manager'], total: namespaces.total };
const who = panels.topTen(
  {
    title: 'Bytes written by manager',
    description: 'Who wrote up to the alarm and after it: stop what leads before you make space, or the space is gone at once.',
    unit: 'Bps',
    w: 8,
    h: 8,
  },
  topTenPerSecond(managers),
  '{{manager}} {{etcd_cluster}}',
  [{ title: 'Only ${__field.labels.manager}', url: toBoard(WRITERS, '&var-manager=${__field.labels.manager}') }]
);

const what = panels.topTen(
  {
    title: 'Bytes written by resource',
    description: 'What was written up to the alarm and after it, each with a link to its managers and namespaces.',
    unit: 'Bps',
    w: 8,
    h: 8,
  },
  topTenPerSecond(bytes),
  '{{resource}} {{etcd_cluster}}',
  [{ title: 'Only ${__field.labels.resource}', url: toBoard(WRITERS, '&var-resource=${__field.labels.resource}') }]
);

const where = panels.topTen(
  {
    title: 'Bytes written by namespace',
    description: 'The namespace of the writer, which has to be stopped on its node while the API server cannot scale it down.',
    unit: 'Bps',
    w: 8,
    h: 8,
  },
  scoped(topTenPerSecond(namespaces)),
  NAMESPACE,
  [{ title: 'Only ${__field.labels.object_namespace}', url: toBoard(WRITERS, '&var-object_namespace=${__field.labels.object_namespace}') }]
);

const inUse = panels.lines({
  title: 'Data in use, and what was written since compaction',
  description: 'Data in use of each member, and the bytes written since the last compaction, which include what is still live.',
  unit: 'bytes',
  w: 12,
  h: 8,
  queries: [
    { expr: `member:etcd_headroom_db_in_use_bytes:max{${MEMBERS}}`, legend: 'in use, {{member}} {{etcd_cluster}}' },
    {
      expr: `max by (${BY}) (sum by (${BY}, instance) (etcd_headroom_uncompacted_write_bytes{${HERE}}))`,
      legend: 'written since compaction {{etcd_cluster}}',
      look: fixed(ORANGE),
    },
    { expr: `cluster:etcd_headroom_quota_bytes:min{${HERE}}`, legend: 'quota {{etcd_cluster}}', look: dashed(RED) },
  ],
});

const kept = panels.lines({
  title: 'Revisions kept',
  description:
    "Revisions since the last compaction, which stay while NOSPACE is armed, because the API server's own compaction is refused.",
  unit: 'short',
  w: 6,
  h: 8,
  queries: [
    {
      expr: `cluster:etcd_headroom_revision:max{${HERE}} - clamp_min(cluster:etcd_headroom_compact_revision:max{${HERE}}, 0)`,
      legend: 'revisions {{etcd_cluster}}',
    },
  ],
});

const sinceCompaction = panels.number({
  title: 'Time since compaction',
  description: 'Time since the last compaction beside the usual gap: above three gaps nothing compacts any more.',
  unit: 's',
  w: 6,
  h: 8,
  queries: [
    { expr: `cluster:etcd_headroom_compaction_age_seconds:min{${HERE}}`, legend: 'since {{etcd_cluster}}' },
    { expr: `cluster:etcd_headroom_compaction_interval_seconds:max{${HERE}}`, legend: 'usual gap {{etcd_cluster}}' },
  ],
});

const members = panels.rows(
  {
    title: 'What a defragmentation gives back, by member',
    description: 'Free pages now, and those free even at the peak of the last hour, which stay free after a defragmentation.',
    unit: 'bytes',
    w: 24,
    h: 6,
    queries: [
      { expr: `max by (${BY}, member) (member:etcd_headroom_db_size_bytes:max{${MEMBERS}})` },
      { expr: `max by (${BY}, member) (member:etcd_headroom_db_in_use_bytes:max{${MEMBERS}})` },
      { expr: `max by (${BY}, member) (etcd_headroom_db_free_bytes{${MEMBERS}})` },
      { expr: `max by (${BY}, member) (member:etcd_headroom_reclaimable_bytes:min{${MEMBERS}})` },
      {
        expr: `max by (${BY}, member) (member:etcd_headroom_db_in_use_bytes:max{${MEMBERS}} / member:etcd_headroom_quota_bytes:min{${MEMBERS}})`,
      },
      { expr: `max by (${BY}, member) (etcd_headroom_db_open_read_transactions{${MEMBERS}})` },
      { expr: `max by (${BY}, member) (etcd_headroom_member_is_leader{${MEMBERS}})` },
      { expr: `max by (${BY}, member) (etcd_headroom_defragmentations_total{${MEMBERS}})` },
    ],
  },
  [
    { field: 'member', title: 'Member' },
    { field: 'etcd_cluster', title: 'etcd' },
    { field: 'Value #A', title: 'File' },
    { field: 'Value #B', title: 'In use' },
    { field: 'Value #C', title: 'Free now' },
    { field: 'Value #D', title: 'Free at peak' },
    // Over 90 % even then, disarming would not last.
    {
      field: 'Value #E',
      title: 'Full after',
      look: {
        unit: 'percentunit',
        decimals: 0,
        ...steps([
          [null, BLUE],
          [0.9, RED],
        ]),
        ...cell,
      },
    },
    { field: 'Value #F', title: 'Open reads', look: { unit: 'short' } },
    { field: 'Value #G', title: 'Role', look: { unit: 'short', ...panels.words(['follower', BLUE], ['leader, last', BLUE]) } },
    { field: 'Value #H', title: 'Done', look: { unit: 'short' } },
  ],
  'File'
);

const room = panels.lines({
  title: 'Headroom by member',
  description: 'Share of its quota that each file may grow: every line has to be above 10 % before the alarm is disarmed.',
  unit: 'percentunit',
  w: 8,
  h: 8,
  steps: DISARM,
  queries: [{ expr: fileRoomRatio(MEMBERS), legend: '{{member}} {{etcd_cluster}}' }],
});

const accepted = panels.lines({
  title: 'Write transactions',
  description: 'Revisions per second, which fall to deletes and lease expirations while writes are refused and rise after the disarm.',
  unit: 'ops',
  w: 8,
  h: 8,
  queries: [{ expr: `max by (${BY}) (rate(etcd_headroom_revision{${HERE}}[$__rate_interval]))`, legend: 'revisions/s {{etcd_cluster}}' }],
});

const left = timeToQuota({
  title: 'Time to quota',
  description: 'How long the space that you made lasts at the present growth, with the limits of the alerts at 75 minutes and 36 hours.',
  w: 8,
  queries: [{ expr: EXPORTER.time(HERE), legend: 'soonest {{etcd_cluster}}' }],
});

export const incident = board(
  INCIDENT,
  'etcd headroom: incident',
  'etcd refuses writes, or is about to: the recovery in the order of its steps.'
)
  .withRow(new dashboard.RowBuilder('Is it armed?'))
  .withPanel(guide)
  .withPanel(armed)
  .withPanel(spaceIsBack)
  .withPanel(raisers)
  .withRow(new dashboard.RowBuilder('Who writes?'))
  .withPanel(who)
  .withPanel(what)
  .withPanel(where)
  .withRow(new dashboard.RowBuilder('How far would compaction help?'))
  .withPanel(inUse)
  .withPanel(kept)
  .withPanel(sinceCompaction)
  .withRow(new dashboard.RowBuilder('How far would a defragmentation help?'))
  .withPanel(members)
  .withRow(new dashboard.RowBuilder('Did it work?'))
  .withPanel(room)
  .withPanel(accepted)
  .withPanel(left);
