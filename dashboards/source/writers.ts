// Who is filling etcd: by manager, by resource, by namespace, by the reporters of Events, and what of it is still stored.
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { board, choice, WRITERS } from './board.js';
import { column, COUNT, only } from './columns.js';
import * as events from './events.js';
import * as panels from './panels.js';
import { bar, BLUE, ORANGE, RED, steps } from './panels.js';
import { BY, HERE, NAMESPACE, ofTopTen, RESOURCES, scoped, scopedName, topTenOverRange, topTenPerSecond } from './queries.js';
import * as stored from './stored.js';

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
const total = panels.number({
  title: 'Bytes written',
  description: 'Keys and values of creates and updates per second, mean of 15 minutes, all of which stay stored until they are compacted.',
  unit: 'Bps',
  w: 5,
  h: 4,
  queries: [{ expr: `cluster:etcd_headroom_write_bytes:rate15m{${HERE}}`, legend: '{{etcd_cluster}}' }],
});

const first = (title: string, description: string, expr: string, legend: string) =>
  panels.number({ title, description, unit: 'Bps', w: 5, h: 4, queries: [{ expr, legend }] }).textMode(panels.VALUE_AND_NAME);

const topManager = first(
  'Top manager',
  'The field manager whose writes took most bytes, mean of 15 minutes, without writes that name nobody.',
  `topk(1, sum by (${BY}, manager) (cluster_manager:etcd_headroom_write_bytes:rate15m{${HERE}}))`,
  '{{manager}}'
);

const topNamespace = first(
  'Top namespace',
  'The namespace that wrote most bytes, mean of 15 minutes.',
  scopedName(
    `topk(1, max by (${BY}, object_namespace) (sum by (${BY}, instance, object_namespace) (rate(etcd_headroom_namespace_write_bytes_total{${HERE}, object_namespace!="other"}[15m]))))`
  ),
  NAMESPACE
);

const topResource = first(
  'Top resource',
  'The resource that wrote most bytes, mean of 15 minutes.',
  `topk(1, cluster_resource:etcd_headroom_write_bytes:rate15m{${HERE}})`,
  '{{resource}}'
);

const watch = panels
  .number({
    title: 'Watch',
    description:
      'Whether an exporter sees every write: the figures of this board are old if it is interrupted, and too low if it missed revisions.',
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
  .textMode(panels.VALUE_AND_NAME)
  .decimals(0);

const byManager = panels.topTen(
  {
    title: 'Bytes written by manager',
    description: 'Who wrote, by the field managers of each object, of which none, ambiguous and encrypted name nobody.',
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
      'The pairs of manager and resource that wrote most, where the subresource status means a controller that reports what it sees.',
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
    description: 'The ten resources that wrote most in the range shown and all others, with the total as the outline.',
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
    description: 'Creates, updates and deletes per second, of which many small ones cost history and CPU.',
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
    description: 'Updates without creates are a controller that rewrites its status, and creates without deletes are objects that pile up.',
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
    description: 'Who wrote of the chosen resources, by namespace, each with a link to what it wrote.',
    unit: 'Bps',
    w: 12,
    h: 9,
  },
  scoped(topTenPerSecond(namespaces)),
  NAMESPACE,
  only('object_namespace', '${__field.labels.object_namespace}')
);

const pairTable = panels.rows(
  {
    title: 'Namespaces and resources, over the range shown',
    description: 'The pairs that wrote most of the chosen resources and namespaces.',
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

export const writers = board(
  WRITERS,
  'etcd headroom: who is filling etcd',
  'Writes and bytes by manager, resource, namespace and Event reporter, and what is stored: exact bytes and budgets.'
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
  .withPanel(events.byComponent)
  .withPanel(events.table)
  .withRow(new dashboard.RowBuilder('What is stored'))
  .withPanel(stored.parts)
  .withPanel(stored.byResource)
  .withPanel(stored.byNamespace)
  .withPanel(stored.resources)
  .withPanel(stored.namespaces)
  .withPanel(stored.budgets);
