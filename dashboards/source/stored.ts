// What is stored, to the byte, as the exporter's walk of the database file counts it: live objects, history, and budgets.
import { column, COUNT, only } from './columns.js';
import { BUDGET } from './limits.js';
import * as panels from './panels.js';
import { bar, BLUE, dashed, fixed, GREY, ORANGE, RED, steps } from './panels.js';
import { BY, HERE, NAMESPACE, RESOURCES, scoped, topTenStored } from './queries.js';

const WEEKS = '28d';
const NAMESPACES = `${HERE}, object_namespace=~"$object_namespace"`;

/** One count of the file, by a label. Of several exporters the largest. */
const counted = (name: string, labels: string, by: string, modifier = '') =>
  `max by (${BY}, ${by}) (etcd_headroom_${name}{${labels}}${modifier} and on (${BY}, instance) etcd_headroom_inventory_exact{${HERE}}${modifier} == 1)`;

/** Live bytes and history together. */
const kept = (prefix: string, labels: string, by: string) => (modifier: string) =>
  `max by (${BY}, ${by}) (etcd_headroom_${prefix}object_bytes{${labels}}${modifier} + on (${BY}, instance, ${by}) etcd_headroom_${prefix}history_bytes{${labels}}${modifier})`;

/** How much more there is than at the start of the range. What was not there then grew from 0, once the file was read by then. */
function grown(expression: (modifier: string) => string) {
  const then = expression(' offset $__range');
  return `${expression('')} - (${then} or 0 * ${expression('')} and on (${BY}) ${then})`;
}

const resourceBytes = kept('', RESOURCES, 'resource');
const namespaceBytes = kept('namespace_', NAMESPACES, 'object_namespace');

const inUse = `max by (${BY}) (member:etcd_headroom_db_in_use_bytes:max{${HERE}})`;
const total = (name: string) => `max by (${BY}) (sum by (${BY}, instance) (etcd_headroom_${name}{${HERE}}))`;
const live = `(${total('object_bytes')} and on (${BY}) ${total('history_bytes')})`;
export const parts = panels
  .stack({
    title: 'What fills the file',
    description:
      'Live objects, which only deletes remove, history, which a compaction removes, and the overhead of etcd in the data in use.',
    unit: 'bytes',
    w: 8,
    h: 9,
    queries: [
      { expr: live, legend: 'live {{etcd_cluster}}', look: fixed(BLUE) },
      { expr: total('history_bytes'), legend: 'history {{etcd_cluster}}', look: fixed(ORANGE) },
      { expr: `clamp_min(${inUse} - ${live} - ${total('history_bytes')}, 0)`, legend: 'overhead {{etcd_cluster}}', look: fixed(GREY) },
      { expr: `cluster:etcd_headroom_quota_bytes:min{${HERE}}`, legend: 'quota {{etcd_cluster}}', look: dashed(RED) },
    ],
  })
  .timeFrom(WEEKS);

export const byResource = panels
  .topTen(
    {
      title: 'Stored by resource',
      description: 'Exact bytes of the ten resources that have most stored now, live and history, and of all others.',
      unit: 'bytes',
      w: 8,
      h: 9,
    },
    topTenStored(resourceBytes, 'resource'),
    '{{resource}} {{etcd_cluster}}',
    only('resource', '${__field.labels.resource}')
  )
  .timeFrom(WEEKS);

export const byNamespace = panels
  .topTen(
    {
      title: 'Stored by namespace',
      description: 'Exact bytes of the ten namespaces that have most stored now, live and history, and of all others.',
      unit: 'bytes',
      w: 8,
      h: 9,
    },
    scoped(topTenStored(namespaceBytes, 'object_namespace')),
    NAMESPACE,
    only('object_namespace', '${__field.labels.object_namespace}')
  )
  .timeFrom(WEEKS);

const values = (objects: string) => [
  { field: 'etcd_cluster', title: 'etcd' },
  { field: 'Value #A', title: 'Live' },
  { field: 'Value #B', title: 'History' },
  { field: 'Value #C', title: 'Grown' },
  { field: 'Value #D', title: 'Objects', look: COUNT },
  ...(objects ? [{ field: 'Value #E', title: objects, look: COUNT }] : []),
];

const objects = (modifier: string) => `max by (${BY}, resource) (etcd_headroom_objects{${RESOURCES}}${modifier})`;
export const resources = panels.rows(
  {
    title: 'Stored by resource, and grown over the range shown',
    description: 'Exact bytes of every resource, and how many bytes and objects more there are than at the start of the range.',
    unit: 'bytes',
    w: 12,
    h: 10,
    queries: [
      { expr: counted('object_bytes', RESOURCES, 'resource') },
      { expr: counted('history_bytes', RESOURCES, 'resource') },
      { expr: grown(resourceBytes) },
      { expr: objects('') },
      { expr: grown(objects) },
    ],
  },
  [column('resource', 'Resource'), ...values('New objects')],
  'Grown'
);

export const namespaces = panels.rows(
  {
    title: 'Stored by namespace, and grown over the range shown',
    description: 'Exact bytes of the 500 largest namespaces and of all others, and how many more there are than at the start of the range.',
    unit: 'bytes',
    w: 12,
    h: 10,
    queries: [
      { expr: counted('namespace_object_bytes', NAMESPACES, 'object_namespace') },
      { expr: counted('namespace_history_bytes', NAMESPACES, 'object_namespace') },
      { expr: grown(namespaceBytes) },
      { expr: counted('namespace_objects', NAMESPACES, 'object_namespace') },
    ],
  },
  [column('object_namespace', 'Namespace'), ...values('')],
  'Grown'
);

const use = `cluster_namespace:etcd_headroom_budget_use:ratio{${NAMESPACES}}`;
const budget = `min by (${BY}, object_namespace, owner) (etcd_headroom_namespace_budget_bytes{${NAMESPACES}})`;
export const budgets = panels.rows(
  {
    title: 'Budgets',
    description: 'What each namespace with a budget has stored, live and history, beside its budget and its owner.',
    unit: 'bytes',
    w: 24,
    h: 8,
    noValue: 'none',
    queries: [
      { expr: use },
      // What is stored has no owner, and would be a row of its own.
      { expr: `${use} * on (${BY}, object_namespace, owner) ${budget}` },
      { expr: budget },
      { expr: `cluster_namespace:etcd_headroom_time_to_budget_seconds:min{${NAMESPACES}}` },
    ],
  },
  [
    column('object_namespace', 'Namespace'),
    { field: 'owner', title: 'Owner' },
    { field: 'etcd_cluster', title: 'etcd' },
    { field: 'Value #A', title: 'Use', look: { unit: 'percentunit', decimals: 0, min: 0, max: 1, ...steps(BUDGET), ...bar } },
    { field: 'Value #B', title: 'Stored' },
    { field: 'Value #C', title: 'Budget' },
    { field: 'Value #D', title: 'Over it in', look: { unit: 's' } },
  ],
  'Use'
);
