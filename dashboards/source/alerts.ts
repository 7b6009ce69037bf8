// The alerts that fire, as Prometheus records them.
import { runbook } from './board.js';
import * as panels from './panels.js';

/** Selector of those of one bundle, for example `EtcdHeadroom`. `more` are further matchers. */
export const firing = (bundle: string, more: string) => `ALERTS{alertname=~"${bundle}.*", alertstate="firing"${more ? `, ${more}` : ''}}`;

/** When each of them began to be true, in seconds of Unix time. */
export const firingSince = (bundle: string, more: string) =>
  `(ALERTS_FOR_STATE{alertname=~"${bundle}.*", ${more}} and ignoring (alertstate) ${firing(bundle, more)})`;

export const alertTable = (bundle: string, here: string, size: { w: number; h: number }) =>
  panels.rows(
    {
      ...size,
      title: 'Alerts that fire',
      description: 'The alerts of these rules that fire here, each with a link to its runbook.',
      unit: 'short',
      queries: [{ expr: firing(bundle, here) }],
    },
    [
      { field: 'severity', title: 'Severity' },
      { field: 'alertname', title: 'Alert', look: { links: [{ title: 'Runbook', url: runbook('${__value.raw}'), targetBlank: true }] } },
      { field: 'member', title: 'Member' },
      { field: 'resource', title: 'Resource' },
      { field: 'component', title: 'Component' },
      { field: 'object_namespace', title: 'Namespace' },
      { field: 'etcd_cluster', title: 'etcd' },
    ]
  );
