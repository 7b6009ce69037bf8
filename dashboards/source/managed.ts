// A managed control plane, from what its API servers report: rules/managed.yaml.
import { alertTable, firing } from './alerts.js';
import { answers, commonStates, type Source } from './answers.js';
import { MANAGED, ofCluster, plain } from './board.js';
import { timeToQuota } from './forecast.js';
import * as panels from './panels.js';
import { dashed, fixed, GREY, RED, SKY } from './panels.js';
import { BY, HERE } from './queries.js';

const USED = 'cluster:etcd_managed_used_bytes:max';
const QUOTA = `cluster:etcd_managed_quota_bytes:min{${HERE}}`;
const GROWN = `cluster:etcd_managed_top_growth_bytes:max1h{${HERE}}`;
const NEW = `cluster:etcd_managed_top_growth_objects:max1h{${HERE}}`;

const API_SERVERS: Source = {
  bundle: 'EtcdHeadroomManaged',
  time: (here) => `cluster:etcd_managed_time_to_quota_seconds:min{${here}}`,
  room: (here) => `cluster:etcd_managed_room_bytes:min{${here}}`,
  refused: (here) => firing('EtcdHeadroomManagedWritesRefused', here),
};

const row = answers(
  API_SERVERS,
  [
    ...commonStates(API_SERVERS, 'stop what grows'),
    { word: 'refuses writes', action: 'delete objects', color: RED, expr: API_SERVERS.refused(HERE) },
  ],
  {
    title: 'What grew',
    description: 'The resource whose objects grew most within the last hour, by bytes from Kubernetes 1.34 on and by number.',
    unit: 'bytes',
    queries: [
      { expr: GROWN, legend: '{{resource}} {{etcd_cluster}}' },
      { expr: NEW, legend: 'new {{resource}} {{etcd_cluster}}', look: { unit: 'short' } },
    ],
  }
);

const file = panels.lines({
  title: 'File and quota',
  description: 'The largest file of all members as the API servers report it, beside the quota that the rules are set to.',
  unit: 'bytes',
  w: 14,
  h: 8,
  queries: [
    { expr: `${USED}{${HERE}}`, legend: 'file {{etcd_cluster}}', look: fixed(SKY) },
    { expr: `cluster:etcd_managed_known_bytes:max{${HERE}}`, legend: 'highest known {{etcd_cluster}}', look: dashed(GREY) },
    { expr: QUOTA, legend: 'quota {{etcd_cluster}}', look: dashed(RED) },
  ],
});

const horizons = timeToQuota({
  title: 'Time to quota by horizon',
  description: 'The room over the growth of the file that each horizon saw, with the limits of the alerts at 75 minutes and 36 hours.',
  w: 12,
  queries: [{ expr: `cluster:etcd_managed_time_to_quota_seconds{${HERE}}`, legend: '{{horizon}} {{etcd_cluster}}' }],
});

const grewBytes = panels.lines({
  title: 'Grew most within the hour, by bytes',
  description: 'The resource whose live objects grew most since their smallest size of the hour, which API servers report from 1.34 on.',
  unit: 'bytes',
  w: 12,
  h: 8,
  queries: [{ expr: GROWN, legend: '{{resource}} {{etcd_cluster}}' }],
});

const grewObjects = panels.lines({
  title: 'Grew most within the hour, by number',
  description: 'The resource with the most objects more than at its lowest of the hour.',
  unit: 'short',
  w: 12,
  h: 8,
  queries: [{ expr: NEW, legend: '{{resource}} {{etcd_cluster}}' }],
});

const failing = (operations: string) => {
  const rate = (name: string) => `sum by (${BY}, instance) (rate(${name}{${HERE}, operation=~"${operations}"}[$__rate_interval]))`;
  return `max by (${BY}) (${rate('etcd_request_errors_total')} / on (${BY}, instance) ${rate('etcd_requests_total')})`;
};
const failures = panels.lines({
  title: 'Requests to etcd that fail',
  description:
    'The share of failed requests of the worst API server: writes alone fail while etcd is full, and reads as well in an outage.',
  unit: 'percentunit',
  w: 12,
  h: 8,
  queries: [
    { expr: failing('create|update'), legend: 'writes {{etcd_cluster}}', look: fixed(RED) },
    { expr: failing('get|list.*'), legend: 'reads {{etcd_cluster}}', look: fixed(SKY) },
  ],
});

export const managed = ofCluster(
  plain(MANAGED, 'etcd headroom: managed control plane', 'How far etcd is from its quota where only the API server can be scraped.'),
  USED
)
  .withPanel(row.safe)
  .withPanel(row.end)
  .withPanel(row.who)
  .withPanel(row.since)
  .withPanel(row.todo)
  .withPanel(file)
  .withPanel(alertTable(API_SERVERS.bundle, HERE, { w: 10, h: 8 }))
  .withPanel(horizons)
  .withPanel(failures)
  .withPanel(grewBytes)
  .withPanel(grewObjects);
