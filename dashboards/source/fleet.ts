// Hundreds of clusters in one table, the one that is full first on top. Each column is one query of what the rules record for a cluster.
import { firing } from './alerts.js';
import { FULL_WORDS, fullIn } from './answers.js';
import { FLEET, OVERVIEW, plain } from './board.js';
import { EXPORTER } from './forecast.js';
import { TIME } from './limits.js';
import * as panels from './panels.js';
import { bar, BLUE, cell, ORANGE, RED, steps } from './panels.js';
import { alarms, BY } from './queries.js';

const quota = 'cluster:etcd_headroom_quota_bytes:min';
/** The peak of 15 minutes, in bytes of the smallest quota. */
const peak = (of: string) => `max by (${BY}) (fill:etcd_headroom_cycle_peak_bytes:max{of="${of}"})`;
const count = (what: string) => `count(${what}) or vector(0)`;
const [, [PAGE], [TICKET]] = TIME;

const summary = panels
  .number({
    title: 'Clusters',
    description: 'How many clusters there are, and how many of them refuse writes or are full within 75 minutes or 36 hours.',
    unit: 'short',
    w: 24,
    h: 3,
    queries: [
      { expr: count(quota), legend: 'all' },
      {
        expr: count(EXPORTER.refused('')),
        legend: 'refuse writes',
        look: steps([
          [null, BLUE],
          [1, RED],
        ]),
      },
      {
        expr: count(`${EXPORTER.time('')} < ${PAGE}`),
        legend: 'full within 75 min',
        look: steps([
          [null, BLUE],
          [1, RED],
        ]),
      },
      {
        expr: count(`${EXPORTER.time('')} < ${TICKET}`),
        legend: 'full within 36 h',
        look: steps([
          [null, BLUE],
          [1, ORANGE],
        ]),
      },
    ],
  })
  .textMode(panels.VALUE_AND_NAME);

const FILTER = { 'custom.filterable': true };
const alerts = (severity: string) => `count by (${BY}) (${firing(EXPORTER.bundle, `severity="${severity}"`)})`;
const COUNT = { unit: 'none', decimals: 0, noValue: '0' };

const table = panels.rows(
  {
    title: 'All clusters',
    description: 'One row for each etcd cluster, the one that is full first on top, each with a link to its overview.',
    unit: 'bytes',
    w: 24,
    h: 24,
    queries: [
      { expr: fullIn(EXPORTER) },
      { expr: alarms('') },
      { expr: quota },
      { expr: peak('file') },
      { expr: `${peak('in_use')} / on (${BY}) ${quota}` },
      { expr: `max by (${BY}, manager) (cluster:etcd_headroom_top_manager:ratio15m)` },
      { expr: alerts('critical') },
      { expr: alerts('warning') },
    ],
  },
  [
    {
      field: 'cluster',
      title: 'Cluster',
      look: {
        ...FILTER,
        links: [
          {
            title: 'Overview of ${__value.raw}',
            url: `/d/${OVERVIEW}?\${datasource:queryparam}&\${__url_time_range}&var-cluster=\${__value.raw}`,
          },
        ],
      },
    },
    { field: 'etcd_cluster', title: 'etcd' },
    { field: 'Value #A', title: 'Full in', look: { unit: 's', ...steps(TIME), ...cell, ...FULL_WORDS } },
    { field: 'Value #B', title: 'Alarm', look: { ...panels.ALARM_WORDS, ...cell } },
    { field: 'Value #C', title: 'Quota' },
    { field: 'Value #D', title: 'File' },
    { field: 'Value #E', title: 'In use', look: { unit: 'percentunit', decimals: 0, min: 0, max: 1, ...bar } },
    { field: 'manager', title: 'Top manager', look: { ...FILTER, 'custom.width': 220 } },
    { field: 'Value #F', title: 'of all bytes', look: { unit: 'percentunit', decimals: 0 } },
    {
      field: 'Value #G',
      title: 'Critical',
      look: {
        ...COUNT,
        ...steps([
          [null, BLUE],
          [1, RED],
        ]),
        'custom.cellOptions': { type: 'color-text' },
      },
    },
    { field: 'Value #H', title: 'Warnings', look: COUNT },
  ],
  'Full in',
  false
);

export const fleet = plain(FLEET, 'etcd headroom: fleet', 'All etcd clusters by the time until they are full.')
  .withPanel(summary)
  .withPanel(table);
