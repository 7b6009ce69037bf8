// Who is filling etcd: by manager, by resource, by namespace, by the reporters of Events, and what of it is still stored.
import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { board, choice, toBoard, WRITERS } from './board.js';
import * as panels from './panels.js';
import { bar, BLUE, fixed, ORANGE, RED, SKY, steps } from './panels.js';
import { BY, HERE, ofTopTen, topTenAtEnd, topTenOverRange, topTenPerSecond } from './queries.js';

const RESOURCES = `${HERE}, resource=~"$resource"`;
const MANAGERS = `${RESOURCES}, manager=~"$manager"`;
const PAIRS = `${RESOURCES}, object_namespace=~"$object_namespace"`;

const bytes = { metric: 'etcd_headroom_write_bytes_total', by: ['resource'], labels: RESOURCES };
const writes = { metric: 'etcd_headroom_writes_total', by: ['resource'], labels: RESOURCES };
// Families with a cap: what they add up to is said by the counter that has none.
const SHARES = `max by (${BY}, resource) (
  cluster_resource:etcd_headroom_write_bytes:rate15m{${RESOURCES}} / on (cluster, etcd_cluster) group_left () (cluster:etcd_headroom_write_bytes:rate15m > 0)
)`;
const allBytes = `etcd_headroom_write_bytes_total{${RESOURCES}}`;
const MANAGED = 'etcd_headroom_manager_write_bytes_total';
const managers = { metric: MANAGED, by: ['manager'], labels: RESOURCES, total: allBytes };
const managed = { metric: MANAGED, by: ['manager', 'resource', 'subresource'], labels: MANAGERS };
const managedWrites = `sum by (${BY}, instance, manager, resource, subresource) (increase(etcd_headroom_manager_writes_total{${MANAGERS}}[$__range]))`;
const namespaces = { metric: 'etcd_headroom_namespace_write_bytes_total', by: ['object_namespace'], labels: RESOURCES, total: allBytes };
const pairs = { metric: 'etcd_headroom_namespace_write_bytes_total', by: ['object_namespace', 'resource'], labels: PAIRS };
const eventBytes = `etcd_headroom_write_bytes_total{${HERE}, resource="events"}`;
const EVENTS = 'etcd_headroom_event_object_write_bytes_total';
const components = { metric: EVENTS, by: ['component'], total: eventBytes };
const reporters = { metric: EVENTS, by: ['component', 'reason', 'involved_kind'], total: eventBytes };

const only = (name: string, value: string) => [{ title: `Only ${value}`, url: toBoard(WRITERS, `&var-${name}=${value}`) }];
const column = (field: string, title: string) => ({ field, title, look: { links: only(field, '${__value.raw}'), 'custom.width': 220 } });
const COUNT = { unit: 'none', decimals: 0 };

const total = panels.number({
  title: 'Bytes written',
  description:
    'Keys and values of creates and updates, a second, mean of 15 minutes. Between two compactions all of it stays stored: times the compaction interval it should be far below the headroom.',
  unit: 'Bps',
  w: 4,
  h: 4,
  queries: [{ expr: `cluster:etcd_headroom_write_bytes:rate15m{${HERE}}`, legend: '{{etcd_cluster}}' }],
});

const first = (title: string, description: string, expr: string, legend: string) =>
  panels
    .number({ title, description, unit: 'Bps', w: 4, h: 4, queries: [{ expr, legend }] })
    .textMode(common.BigValueTextMode.ValueAndName);

const topManager = first(
  'Top manager',
  'The field manager whose writes took most bytes, mean of 15 minutes: the program to look at. Writes that name nobody are left out.',
  `topk(1, sum by (${BY}, manager) (cluster_manager:etcd_headroom_write_bytes:rate15m{${HERE}}))`,
  '{{manager}}'
);

const topNamespace = first(
  'Top namespace',
  'The namespace that wrote most bytes, mean of 15 minutes. Ask its owner; the pairs below say with what.',
  `topk(1, max by (${BY}, object_namespace) (sum by (${BY}, instance, object_namespace) (rate(etcd_headroom_namespace_write_bytes_total{${HERE}, object_namespace!="other"}[15m]))))`,
  'ns/{{object_namespace}}'
);

const topResource = first(
  'Top resource',
  'The resource that wrote most bytes, mean of 15 minutes. Not one you expect: click it in the table below, and see which manager writes it.',
  `topk(1, cluster_resource:etcd_headroom_write_bytes:rate15m{${HERE}})`,
  '{{resource}}'
);

const topReporter = first(
  'Top Event reporter',
  'The component whose Event objects took most bytes, mean of 15 minutes. A flood has a reason: see the table of Events below.',
  `topk(1, cluster_component:etcd_headroom_event_write_bytes:rate15m{${HERE}})`,
  '{{component}}'
);

const watch = panels
  .number({
    title: 'Watch',
    description:
      'Whether an exporter sees every write. Interrupted: the figures of this board are old. Revisions missed: they are too low; see the WatchDown runbook.',
    unit: 'short',
    w: 4,
    h: 4,
    queries: [
      {
        expr: `max by (${BY}) (etcd_headroom_watch_connected{${HERE}})`,
        legend: 'state {{etcd_cluster}}',
        look: panels.words(['interrupted', RED], ['connected', BLUE]),
      },
      {
        expr: `min by (${BY}) (increase(etcd_headroom_watch_missed_revisions_total{${HERE}}[1h]))`,
        legend: 'missed in 1 h {{etcd_cluster}}',
        look: steps([
          [null, BLUE],
          [1, ORANGE],
        ]),
      },
    ],
  })
  .textMode(common.BigValueTextMode.ValueAndName)
  .decimals(0);

const byManager = panels.topTen(
  {
    title: 'Bytes written by manager',
    description:
      'Who wrote: field managers, from the managedFields of each object. A layer that is new, or that grows, is the program to look at: click it, and see what it writes in the table beside. none, ambiguous and encrypted name nobody.',
    unit: 'Bps',
    w: 12,
    h: 9,
  },
  topTenPerSecond(managers),
  '{{manager}} {{etcd_cluster}}',
  only('manager', '${__field.labels.manager}')
);

const managerTable = panels.rows(
  {
    title: 'Managers and what they write, over the range shown',
    description:
      'status: a controller that reports what it sees. No subresource: somebody who changes the object itself. Click a manager or a resource to see it alone.',
    unit: 'bytes',
    w: 12,
    h: 9,
    queries: [
      { expr: topTenOverRange(managed) },
      { expr: ofTopTen(managed, `max by (${BY}, manager, resource, subresource) (${managedWrites})`) },
    ],
  },
  [
    column('manager', 'Manager'),
    column('resource', 'Resource'),
    { field: 'subresource', title: 'Subresource' },
    { field: 'etcd_cluster', title: 'etcd' },
    { field: 'Value #A', title: 'Bytes', look: bar },
    { field: 'Value #B', title: 'Writes', look: COUNT },
  ],
  'Bytes'
);

const byResource = panels.topTen(
  {
    title: 'Bytes written by resource',
    description:
      'The ten resources that wrote most in the range shown, and all others; the outline is the total. A new layer, or one that grows, is what fills the database: click it.',
    unit: 'Bps',
    w: 12,
    h: 9,
  },
  topTenPerSecond(bytes),
  '{{resource}} {{etcd_cluster}}',
  only('resource', '${__field.labels.resource}')
);

const writesByResource = panels.topTen(
  {
    title: 'Writes by resource',
    description:
      'Creates, updates and deletes a second. Many small writes cost history and CPU, few large ones cost bytes: compare with the panel beside it.',
    unit: 'ops',
    w: 12,
    h: 9,
  },
  topTenPerSecond(writes),
  '{{resource}} {{etcd_cluster}}',
  only('resource', '${__field.labels.resource}')
);

const written = (op: string) => `max by (${BY}, resource) (increase(etcd_headroom_writes_total{${RESOURCES}, op="${op}"}[$__range]))`;
const resources = panels.rows(
  {
    title: 'Resources, over the range shown',
    description:
      'Who wrote most, and how. Updates without creates: a controller that rewrites its status. Creates without deletes: objects pile up. Not compacted yet: what the next compaction may free. Click a resource to see it alone.',
    unit: 'short',
    w: 24,
    h: 9,
    queries: [
      { expr: topTenOverRange(bytes) },
      { expr: ofTopTen(bytes, SHARES) },
      ...['create', 'update', 'delete'].map((op) => ({ expr: ofTopTen(bytes, written(op)) })),
      { expr: ofTopTen(bytes, `max by (${BY}, resource) (etcd_headroom_objects{${RESOURCES}})`) },
      { expr: ofTopTen(bytes, `max by (${BY}, resource) (etcd_headroom_uncompacted_write_bytes{${RESOURCES}})`) },
      { expr: ofTopTen(bytes, `max by (${BY}, resource) (etcd_headroom_largest_write_bytes{${RESOURCES}})`) },
    ],
  },
  [
    column('resource', 'Resource'),
    { field: 'etcd_cluster', title: 'etcd' },
    { field: 'Value #A', title: 'Bytes', look: { unit: 'bytes', ...bar } },
    { field: 'Value #B', title: 'Share, 15 min', look: { unit: 'percentunit', decimals: 0 } },
    ...['Creates', 'Updates', 'Deletes'].map((title, index) => ({ field: `Value #${panels.refId(index + 2)}`, title, look: COUNT })),
    { field: 'Value #F', title: 'Objects', look: COUNT },
    { field: 'Value #G', title: 'Not compacted yet', look: { unit: 'bytes' } },
    { field: 'Value #H', title: 'Largest write, 1 h', look: { unit: 'bytes' } },
  ],
  'Bytes'
);

const byNamespace = panels.topTen(
  {
    title: 'Bytes written by namespace',
    description:
      'Of the chosen resources; ns/ alone is what has no namespace. One that leads: click it, and see with what in the table beside.',
    unit: 'Bps',
    w: 12,
    h: 9,
  },
  topTenPerSecond(namespaces),
  'ns/{{object_namespace}} {{etcd_cluster}}',
  only('object_namespace', '${__field.labels.object_namespace}')
);

const pairTable = panels.rows(
  {
    title: 'Namespaces and resources, over the range shown',
    description: 'The pairs that wrote most of the chosen resources and namespaces. Click a namespace or a resource to see it alone.',
    unit: 'bytes',
    w: 12,
    h: 9,
    queries: [{ expr: topTenOverRange(pairs) }],
  },
  [
    column('object_namespace', 'Namespace'),
    column('resource', 'Resource'),
    { field: 'etcd_cluster', title: 'etcd' },
    { field: 'Value', title: 'Bytes', look: bar },
  ],
  'Bytes'
);

const byComponent = panels.topTen(
  {
    title: 'Event objects by component',
    description:
      'Bytes of Event objects by who reports them. A component that leads repeats itself: its reason is in the table beside. A shorter --event-ttl helps only until it is mended.',
    unit: 'Bps',
    w: 12,
    h: 9,
  },
  topTenPerSecond(components),
  '{{component}} {{etcd_cluster}}'
);

const eventTable = panels.rows(
  {
    title: 'Events, over the range shown',
    description:
      'Component, reason and kind of object that the Events are about. FailedScheduling, BackOff and Unhealthy point at workloads; policy reasons at a policy engine.',
    unit: 'bytes',
    w: 12,
    h: 9,
    queries: [{ expr: topTenOverRange(reporters) }],
  },
  [
    { field: 'component', title: 'Component' },
    { field: 'reason', title: 'Reason' },
    { field: 'involved_kind', title: 'About' },
    { field: 'etcd_cluster', title: 'etcd' },
    { field: 'Value', title: 'Bytes', look: bar },
  ],
  'Bytes'
);

const uncompacted = (modifier: string) => `max by (${BY}, resource) (etcd_headroom_uncompacted_write_bytes{${RESOURCES}}${modifier})`;
const inUse = `max by (${BY}) (member:etcd_headroom_db_in_use_bytes:max{${HERE}})`;
const allUncompacted = `max by (${BY}) (sum by (${BY}, instance) (etcd_headroom_uncompacted_write_bytes{${HERE}}))`;

const sinceCompaction = panels.lines({
  title: 'Not compacted yet by resource',
  description:
    'Bytes written since the last compacted revision, live or not. High peaks between compactions make the file grow: write less, or compact more often.',
  unit: 'bytes',
  w: 8,
  h: 8,
  queries: [
    {
      expr: topTenAtEnd(uncompacted, 'resource'),
      legend: '{{resource}} {{etcd_cluster}}',
      look: { links: only('resource', '${__field.labels.resource}') },
    },
  ],
});

const inUseParts = panels.stack({
  title: 'Written since compaction, and older',
  description:
    'Data in use of the fullest member, in two parts. The upper one was written since the last compaction. The lower one is older: live data, overhead, and what was overwritten or deleted since, which a compaction frees too. What is left after one is live: only deleting objects lowers it.',
  unit: 'bytes',
  w: 8,
  h: 8,
  queries: [
    { expr: `clamp_min(${inUse} - ${allUncompacted}, 0)`, legend: 'older {{etcd_cluster}}', look: fixed(BLUE) },
    { expr: `${inUse} < ${allUncompacted} or ${allUncompacted}`, legend: 'since compaction {{etcd_cluster}}', look: fixed(SKY) },
  ],
});

const objects = `max by (${BY}, resource) (etcd_headroom_objects{${RESOURCES}})`;
const changes = panels.rows(
  {
    title: 'Objects, and their change over a day',
    description:
      'The ten resources with the most live objects. A count that only grows is a controller without clean-up, or a job without a TTL: delete in pieces of a few hundred, then compact.',
    unit: 'short',
    w: 8,
    h: 8,
    queries: [
      { expr: `topk(10, ${objects})` },
      {
        expr: `${objects} - max by (${BY}, resource) (etcd_headroom_objects{${RESOURCES}} offset 1d) and on (${BY}, resource) topk(10, ${objects})`,
      },
    ],
  },
  [
    column('resource', 'Resource'),
    { field: 'etcd_cluster', title: 'etcd' },
    { field: 'Value #A', title: 'Objects', look: COUNT },
    { field: 'Value #B', title: 'Change in 24 h', look: COUNT },
  ],
  'Objects'
);

export const writers = board(
  WRITERS,
  'etcd headroom: who is filling etcd',
  'Writes and bytes by manager, resource, namespace and Event reporter, and what of them is still stored.'
)
  .withVariable(choice('resource', 'Resource', `label_values(etcd_headroom_write_bytes_total{${HERE}}, resource)`).multi(true))
  .withVariable(choice('manager', 'Manager', `label_values(${MANAGED}{${RESOURCES}}, manager)`).multi(true))
  .withVariable(
    choice(
      'object_namespace',
      'Namespace',
      `label_values(etcd_headroom_namespace_write_bytes_total{${RESOURCES}}, object_namespace)`
    ).multi(true)
  )
  .withPanel(topManager)
  .withPanel(topResource)
  .withPanel(topNamespace)
  .withPanel(topReporter)
  .withPanel(total)
  .withPanel(watch)
  .withPanel(byManager)
  .withPanel(managerTable)
  .withPanel(byResource)
  .withPanel(writesByResource)
  .withPanel(resources)
  .withRow(new dashboard.RowBuilder('Namespaces'))
  .withPanel(byNamespace)
  .withPanel(pairTable)
  .withRow(new dashboard.RowBuilder('Event objects'))
  .withPanel(byComponent)
  .withPanel(eventTable)
  .withRow(new dashboard.RowBuilder('What is stored'))
  .withPanel(inUseParts)
  .withPanel(sinceCompaction)
  .withPanel(changes);
