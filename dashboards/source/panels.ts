// Panels as this project draws them: what they have in common is here, what they show is in the boards.
import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import * as table from '@grafana/grafana-foundation-sdk/table';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { type TopTen } from './queries.js';

// Okabe and Ito's colours, which colour-blind people can distinguish. Each state also has its word or its number.
export const BLUE = '#0072B2';
export const SKY = '#56B4E9';
export const ORANGE = '#E69F00';
export const RED = '#D55E00';
export const GREY = '#999999';

export interface Query {
  expr: string;
  legend?: string;
  /** How its series look, as field options of Grafana. */
  look?: Record<string, unknown>;
}

export type Steps = [number | null, string][];

export interface Options {
  title: string;
  /** One sentence. */
  description: string;
  unit: string;
  queries: Query[];
  w: number;
  h: number;
  steps?: Steps;
  noValue?: string;
}

const datasource = { type: 'prometheus', uid: '${datasource}' };

/** Looks of a field: thresholds, a colour, a dashed limit that is not part of a stack, a bar in a cell. */
export const steps = (list: Steps) => ({
  thresholds: { mode: dashboard.ThresholdsMode.Absolute, steps: list.map(([value, color]) => ({ value, color })) },
});
export const fixed = (color: string) => ({ color: { mode: 'fixed', fixedColor: color } });
export const dashed = (color: string, dash = [10, 10]) => ({
  ...fixed(color),
  'custom.lineStyle': { fill: 'dash', dash },
  'custom.fillOpacity': 0,
  'custom.stacking': { mode: 'none' },
});
export const cell = { 'custom.cellOptions': { type: 'color-background', mode: 'basic' } };
export const bar = { 'custom.cellOptions': { type: 'gauge', mode: 'basic' } };

export const properties = (look: Record<string, unknown>): dashboard.DynamicConfigValue[] =>
  Object.entries(look).map(([id, value]) => ({ id, value }));

export const refId = (index: number) => String.fromCharCode('A'.charCodeAt(0) + index);

type AnyPanel = timeseries.PanelBuilder | stat.PanelBuilder | table.PanelBuilder | statetimeline.PanelBuilder;

function fill<Panel extends AnyPanel>(panel: Panel, o: Options, kind: 'range' | 'instant' | 'table'): Panel {
  panel.title(o.title).description(o.description).datasource(datasource).unit(o.unit).height(o.h).span(o.w);
  const { thresholds } = steps(o.steps ?? [[null, BLUE]]);
  panel.thresholds(new dashboard.ThresholdsConfigBuilder().mode(thresholds.mode).steps(thresholds.steps));
  if (o.noValue) panel.noValue(o.noValue);
  o.queries.forEach(({ expr, legend, look }, index) => {
    const query = new prometheus.DataqueryBuilder().refId(refId(index)).datasource(datasource).expr(expr);
    if (legend) query.legendFormat(legend);
    if (kind === 'range') query.range();
    else query.instant();
    if (kind === 'table') query.format(prometheus.PromQueryFormat.Table);
    panel.withTarget(query);
    if (look) panel.overrideByQuery(refId(index), properties(look));
  });
  return panel;
}

const legend = (displayMode: common.LegendDisplayMode, placement: common.LegendPlacement) =>
  new common.VizLegendOptionsBuilder().displayMode(displayMode).placement(placement).showLegend(true);

export function lines(o: Options): timeseries.PanelBuilder {
  const panel = fill(new timeseries.PanelBuilder(), o, 'range')
    .legend(legend(common.LegendDisplayMode.List, common.LegendPlacement.Bottom))
    .tooltip(new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending))
    .colorScheme(new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.PaletteClassic))
    .lineWidth(2)
    .showPoints(common.VisibilityMode.Never)
    .min(0);
  if (o.steps) panel.thresholdsStyle(new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed));
  return panel;
}

/** Areas on top of each other: what they add up to matters. */
export const stack = (o: Options) =>
  lines(o).fillOpacity(40).lineWidth(1).stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal));

/** The total is its outline: ten writers and, grey, the rest. */
export const topTen = (o: Omit<Options, 'queries'>, { top, rest }: TopTen, name: string, links: Link[] = []) =>
  stack({
    ...o,
    queries: [
      { expr: top, legend: name, look: links.length ? { links } : undefined },
      { expr: rest, legend: 'all others {{etcd_cluster}}', look: fixed(GREY) },
    ],
  }).legend(legend(common.LegendDisplayMode.Table, common.LegendPlacement.Right).calcs(['mean']));

export const number = (o: Options) =>
  fill(new stat.PanelBuilder(), o, 'instant')
    .graphMode(common.BigValueGraphMode.None)
    .colorMode(common.BigValueColorMode.Background)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false));

/** A number beside the name of its series. */
export const VALUE_AND_NAME = common.BigValueTextMode.ValueAndName;

export interface Link {
  title: string;
  url: string;
  targetBlank?: boolean;
}

export interface Column {
  /** The field as the queries give it: a label, or "Value" (of the only query), "Value #A". */
  field: string;
  title: string;
  look?: Record<string, unknown>;
}

/** One row for each set of labels, the queries' values side by side. Fields that are not listed are left out. */
export function rows(o: Options, columns: Column[], sortBy?: string, desc = true): table.PanelBuilder {
  const panel = fill(new table.PanelBuilder(), o, 'table').cellHeight(common.TableCellHeight.Sm).minWidth(80); // a laptop has no room for the default of 150
  if (o.queries.length > 1) panel.withTransformation({ id: 'merge', options: {} });
  panel.withTransformation({ id: 'filterFieldsByName', options: { include: { names: columns.map(({ field }) => field) } } });
  panel.withTransformation({
    id: 'organize',
    options: {
      indexByName: Object.fromEntries(columns.map(({ field }, index) => [field, index])),
      renameByName: Object.fromEntries(columns.map(({ field, title }) => [field, title])),
    },
  });
  for (const { title, look } of columns) if (look) panel.overrideByName(title, properties(look));
  if (sortBy) panel.sortBy([new common.TableSortByFieldStateBuilder().displayName(sortBy).desc(desc)]);
  return panel;
}

export const states = (o: Options) =>
  fill(new statetimeline.PanelBuilder(), o, 'range')
    .showValue(common.VisibilityMode.Auto)
    .mergeValues(true)
    .colorScheme(new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.Thresholds));

/** Words for 0, 1, 2, each with a colour. */
export const words = (...pairs: [string, string][]) => ({
  mappings: [
    {
      type: 'value',
      options: Object.fromEntries(pairs.map(([text, color], index) => [String(index), { text, color, index }])),
    },
  ],
});

export const ALARM_WORDS = words(['none', BLUE], ['NOSPACE', RED], ['CORRUPT', RED]);
