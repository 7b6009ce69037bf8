// The recovery of the WritesRefused runbook, step by step: each row answers one question, in the order of the steps.
import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as text from '@grafana/grafana-foundation-sdk/text';
import { board, INCIDENT, reference, runbook, toBoard, WRITERS } from './board.js';
import { DISARM, TIME } from './limits.js';
import * as panels from './panels.js';
import { BLUE, cell, dashed, fixed, ORANGE, RED, steps } from './panels.js';
import { alarms, BY, fileRoomRatio, HERE, MEMBERS, topTenPerSecond } from './queries.js';

const guide = new text.PanelBuilder()
  .title('Order of the recovery')
  .description('The steps of the runbook. Do them in this order: each one is void without the one before.')
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
    description:
      'NOSPACE: etcd refuses every write of the cluster; go on below. CORRUPT: do not disarm, compact or defragment. None: nothing is refused now.',
    unit: 'short',
    w: 3,
    h: 6,
    queries: [{ expr: alarms(HERE), legend: '{{etcd_cluster}}' }],
  })
  .withOverride({ matcher: { id: 'byType', options: 'number' }, properties: panels.properties(panels.ALARM_WORDS) });

const spaceIsBack = panels
  .number({
    title: 'Disarm?',
    description:
      'Yes once every member of the member list is seen and below 90 % of its own quota, and CORRUPT is not armed. Not yet: go on with the steps. Absent: a member is at its limit, or not seen.',
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
    description:
      "Who raised each alarm, as the members see it. The raiser's file reached its quota: it is the one to shrink, but all writes are refused.",
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
    description:
      'Who wrote up to the alarm, and who writes again after it. Stop what leads before making space, or the space is gone at once. Click it for what it writes.',
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
    description: 'What was written up to the alarm, and what is again after it. Click it for its managers and namespaces.',
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
    description:
      'Where the writer sits. While NOSPACE is armed the API server cannot scale it down: stop it on its node, or take its network away.',
    unit: 'Bps',
    w: 8,
    h: 8,
  },
  topTenPerSecond(namespaces),
  'ns/{{object_namespace}} {{etcd_cluster}}',
  [{ title: 'Only ${__field.labels.object_namespace}', url: toBoard(WRITERS, '&var-object_namespace=${__field.labels.object_namespace}') }]
);

const inUse = panels.lines({
  title: 'Data in use, and what was written since compaction',
  description:
    'In use of each member, and the bytes written since the last compaction: a hint of who fills it, not what compacting frees, because deleted and overwritten objects count as well. Compact first and wait until in-use has stopped falling: what then remains is live, and only deleting objects lowers it.',
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
    "Since the last compaction; it falls to 0 when you compact. While NOSPACE is armed the API server's own compaction is refused, so it stays where it was until you do.",
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
  description:
    'Over three times the usual gap, CompactionStalled fires: nothing compacts any more. See why before you leave: the space you make is used up again.',
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
    description:
      "Free now is about the least it gives back, free at the peak of the last hour what stays; done counts since the member's start. It needs as much free disk as is in use, and the member answers nothing meanwhile. Little free: compact or delete first. Open reads: a stuck snapshot keeps pages from becoming free.",
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
  description:
    'Each line must be above 10 % before the alarm is disarmed; one below it arms it again. A line jumps up when its member was defragmented.',
  unit: 'percentunit',
  w: 8,
  h: 8,
  steps: DISARM,
  queries: [{ expr: fileRoomRatio(MEMBERS), legend: '{{member}} {{etcd_cluster}}' }],
});

const accepted = panels.lines({
  title: 'Write transactions',
  description:
    'Revisions a second. While writes are refused only deletes and expiring leases count, and it sinks; after disarming it must rise again. If it does not: what is in crash-loop back-off has to be restarted, the runbook says how.',
  unit: 'ops',
  w: 8,
  h: 8,
  queries: [{ expr: `max by (${BY}) (rate(etcd_headroom_revision{${HERE}}[$__rate_interval]))`, legend: 'revisions/s {{etcd_cluster}}' }],
});

const left = panels
  .lines({
    title: 'Time to quota',
    description:
      'Afterwards: how long the space you made will last. It comes down again: the writer still writes. Lines as in the alerts, 75 min and 36 h.',
    unit: 's',
    w: 8,
    h: 8,
    steps: TIME,
    queries: [{ expr: `cluster:etcd_headroom_time_to_quota_seconds:min{${HERE}}`, legend: 'soonest {{etcd_cluster}}' }],
  })
  .scaleDistribution(new common.ScaleDistributionConfigBuilder().type(common.ScaleDistribution.Log).log(10));

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
