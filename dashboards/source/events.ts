// Event objects, by who reports them.
import * as panels from './panels.js';
import { bar } from './panels.js';
import { HERE, topTenOverRange, topTenPerSecond } from './queries.js';

const eventBytes = `etcd_headroom_write_bytes_total{${HERE}, resource="events"}`;
const EVENTS = 'etcd_headroom_event_object_write_bytes_total';
const components = { metric: EVENTS, by: ['component'], total: eventBytes };
const reporters = { metric: EVENTS, by: ['component', 'reason', 'involved_kind'], total: eventBytes };

export const byComponent = panels.topTen(
  {
    title: 'Event objects by component',
    description: 'Bytes of Event objects by the component that reports them, whose reasons are in the table beside.',
    unit: 'Bps',
    w: 12,
    h: 9,
  },
  topTenPerSecond(components),
  '{{component}} {{etcd_cluster}}'
);

export const table = panels.rows(
  {
    title: 'Events, over the range shown',
    description: 'The component, the reason and the kind of object of the Events that took most bytes.',
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
