// What every board has: variables, links, annotations, and the conventions of one file that any way of loading accepts.
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { BLUE, GREY, ORANGE, RED, SKY } from './panels.js';
import { BY, HERE, MEMBERS } from './queries.js';

export const TAG = 'etcd-headroom';
// The alerts' dashboard_url leads to the first.
export const OVERVIEW = 'etcd-headroom';
export const WRITERS = 'etcd-headroom-writers';
export const INCIDENT = 'etcd-headroom-incident';
export const FLEET = 'etcd-headroom-fleet';
export const MANAGED = 'etcd-headroom-managed';

const REPOSITORY = 'https://github.com/etcd-headroom/etcd-headroom/blob/main';
export const runbook = (alert: string) => `${REPOSITORY}/rules/runbooks/${alert}.md`;
export const reference = (page: string) => `${REPOSITORY}/rules/reference/${page}.md`;

const datasource = { type: 'prometheus', uid: '${datasource}' };

/** A link to a board with the same data source, cluster and time, and `more` variables. */
export const toBoard = (uid: string, more = '') =>
  `/d/${uid}?\${datasource:queryparam}&\${cluster:queryparam}&\${etcd_cluster:queryparam}&\${__url_time_range}${more}`;

export function variable(name: string, label: string, query: string) {
  return new dashboard.QueryVariableBuilder(name)
    .label(label)
    .datasource(datasource)
    .query({ query, refId: name })
    .definition(query)
    .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
    .sort(dashboard.VariableSort.AlphabeticalAsc);
}

/** A variable whose default is everything, also what has no such label. */
export const choice = (name: string, label: string, query: string) =>
  variable(name, label, query).includeAll(true).allValue('.*').current({ text: 'All', value: '$__all' });

function annotation(name: string, color: string, expr: string, text: string) {
  return new dashboard.AnnotationQueryBuilder()
    .name(name)
    .datasource(datasource)
    .enable(true)
    .iconColor(color)
    .expr(expr)
    .step('1m')
    .titleFormat(name)
    .textFormat(text);
}

// Each is true for one minute, which is one step.
const nospace = `cluster:etcd_headroom_alarm_active:max{${HERE}, alarm="NOSPACE"}`;
const defragmentations = `max by (${BY}, member) (last_over_time(etcd_headroom_defragmentations_total{${MEMBERS}}[10m]`;
const compacted = `cluster:etcd_headroom_compact_revision:max{${HERE}}`;
const quota = `member:etcd_headroom_quota_bytes:min{${MEMBERS}}`;
const started = `process_start_time_seconds{${HERE}}`;
const annotations = [
  annotation('NOSPACE armed', RED, `${nospace} == 1 unless ${nospace} offset 1m == 1`, 'every write is refused {{etcd_cluster}}'),
  annotation('NOSPACE disarmed', BLUE, `${nospace} == 0 and ${nospace} offset 1m == 1`, 'writes are accepted again {{etcd_cluster}}'),
  annotation('Defragmentations', SKY, `${defragmentations})) > ${defragmentations} offset 1m))`, '{{member}}'),
  // Every five minutes in an ordinary cluster: there to be switched on.
  annotation('Compactions', GREY, `${compacted} > ${compacted} offset 1m`, 'up to the revision before {{etcd_cluster}}').enable(false),
  annotation('Quota changes', ORANGE, `${quota} != ${quota} offset 1m`, '{{member}}'),
  annotation(
    'Exporter restarts',
    GREY,
    `max by (${BY}, instance) (${started} > last_over_time(${started}[1h] offset 1m) and on (${BY}, instance) etcd_headroom_build_info)`,
    '{{instance}}: what was written meanwhile is not counted'
  ),
];

/** What every board has. */
export function plain(uid: string, title: string, description: string) {
  return new dashboard.DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags([TAG, 'etcd', 'kubernetes'])
    .timezone('browser')
    .time({ from: 'now-24h', to: 'now' })
    .refresh('1m')
    .timepicker(new dashboard.TimePickerBuilder().refreshIntervals(['30s', '1m', '5m', '15m', '1h']))
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .withVariable(new dashboard.DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'))
    .link(
      new dashboard.DashboardLinkBuilder('etcd-headroom')
        .type(dashboard.DashboardLinkType.Dashboards)
        .tags([TAG])
        .includeVars(true)
        .keepTime(true)
    )
    .link(
      new dashboard.DashboardLinkBuilder('Runbooks')
        .type(dashboard.DashboardLinkType.Link)
        .icon('doc')
        .url(`${REPOSITORY}/rules/runbooks`)
        .targetBlank(true)
    );
}

/** A board of one cluster. `series` is there for each cluster. */
export const ofCluster = (builder: dashboard.DashboardBuilder, series: string) =>
  builder
    .withVariable(variable('cluster', 'Cluster', `label_values(${series}, cluster)`))
    .withVariable(choice('etcd_cluster', 'etcd', `label_values(${series}{cluster="$cluster"}, etcd_cluster)`));

/** A board of one cluster and its members, as the exporter reports them. */
export const board = (uid: string, title: string, description: string) =>
  ofCluster(plain(uid, title, description), 'etcd_headroom_endpoints')
    .withVariable(choice('member', 'Member', `label_values(member:etcd_headroom_up:max{${HERE}}, member)`).multi(true))
    .annotations(annotations);

/** The board as it is shipped. */
export function finished(builder: dashboard.DashboardBuilder) {
  const built = builder.build();
  built.panels?.forEach((panel, index) => (panel.id = index + 1));
  // Grafana 10 takes this schema as it is, later ones migrate it; the SDK writes that of the latest.
  return { ...built, id: null, schemaVersion: 39 };
}
