// Draws one board by Grafana's own packages: its transformations, overrides, units and thresholds from @grafana/data, its
// panels from @grafana/ui. Only the placing is ours. State timelines are in no package: they are left out, and say so.
import React from "react";
import { createRoot } from "react-dom/client";
import { lastValueFrom } from "rxjs";
import * as data from "@grafana/data";
import * as ui from "@grafana/ui";
import { frames, interpolate, span } from "./prometheus";

const theme = data.createTheme({ colors: { mode: "dark" } });
const COLUMNS = 24;
const ROW = 30;
const GAP = 8;

// The application registers these at its start.
const transformers = new Map(Object.values(data.standardTransformers).map((one: any) => [one.id, one]));
data.standardTransformersRegistry.setInit(() => [...transformers.values()].map((one) => ({ id: one.id, name: one.name, transformation: one }) as any));

const STANDARD = ["unit", "decimals", "min", "max", "noValue", "color", "thresholds", "mappings", "links"];
/** The options that a panel's fields may have: the standard ones, and those `custom.` ones that the board names. */
function fieldOptions({ fieldConfig: { defaults, overrides } }: any) {
  const named = overrides.flatMap((override: any) => override.properties.map(({ id }: any) => id));
  const registry = new data.Registry<any>();
  for (const id of new Set([...STANDARD, ...Object.keys(defaults.custom ?? {}).map((key) => `custom.${key}`), ...named])) {
    const isCustom = id.startsWith("custom.");
    registry.register({ id, name: id, isCustom, path: isCustom ? id.slice(7) : id, process: (value: any) => value, shouldApply: () => true });
  }
  return registry as any;
}

async function prepared(panel: any) {
  const answered = await frames(panel);
  const series = panel.transformations?.length ? await lastValueFrom(data.transformDataFrame(panel.transformations, answered)) : answered;
  return data.applyFieldOverrides({
    data: series,
    fieldConfig: panel.fieldConfig,
    fieldConfigRegistry: fieldOptions(panel),
    replaceVariables: interpolate,
    timeZone: "browser",
    theme,
  });
}

interface Drawn {
  panel: any;
  series: data.DataFrame[];
  width: number;
  height: number;
}

function Stat({ panel, series, width, height }: Drawn) {
  const { reduceOptions, colorMode, graphMode, textMode } = panel.options;
  const values = data.getFieldDisplayValues({ data: series, fieldConfig: panel.fieldConfig, reduceOptions, replaceVariables: interpolate, theme });
  return (
    <ui.VizRepeater
      {...{ source: values, getValues: () => values, width, height, orientation: data.VizOrientation.Auto, renderCounter: 0, autoGrid: true }}
      renderValue={({ value, count, width, height }: any) => (
        <ui.BigValue {...{ value: value.display, count, width, height, theme, colorMode, graphMode, textMode }} />
      )}
    />
  );
}

function Lines({ panel, series, width, height }: Drawn) {
  const [from, to] = Object.values(span(panel)).map((second) => data.dateTime(second * 1000));
  const { legend } = panel.options;
  return <ui.TimeSeries {...{ frames: series, width, height, legend, timeZone: "browser", timeRange: { from, to, raw: { from, to } } }} />;
}

const DRAWN: Record<string, React.FC<Drawn>> = {
  stat: Stat,
  timeseries: Lines,
  table: ({ panel, series, width, height }) => (
    <ui.Table {...{ data: series[0], width, height, cellHeight: panel.options.cellHeight, initialSortBy: panel.options.sortBy }} />
  ),
  text: ({ panel }) => <div className="markdown-html" dangerouslySetInnerHTML={{ __html: data.renderMarkdown(panel.options.content) }} />,
};

function Panel({ panel, series }: { panel: any; series: data.DataFrame[] }) {
  const { x, y, w, h } = panel.gridPos;
  const column = (innerWidth - GAP) / COLUMNS;
  const [width, height] = [w * column - GAP, h * (ROW + GAP) - GAP];
  const title = interpolate(panel.title);
  const Body = DRAWN[panel.type];
  return (
    <div style={{ position: "absolute", left: x * column + GAP, top: y * (ROW + GAP) + GAP, width, height }}>
      {panel.type === "row" ? (
        <h5 style={{ margin: 4 }}>{title}</h5>
      ) : (
        <ui.PanelChrome title={title} description={panel.description} width={width} height={height}>
          {(width, height) => (Body ? <Body {...{ panel, series, width, height }} /> : <i>Not drawn here: {panel.type}</i>)}
        </ui.PanelChrome>
      )}
    </div>
  );
}

const name = new URLSearchParams(location.search).get("board");
const board = await (await fetch(`/${name}.json`)).json();
const all = await Promise.all(board.panels.map(async (panel: any) => ({ panel, series: panel.targets ? await prepared(panel) : [] })));
const rows = Math.max(...board.panels.map(({ gridPos: { y, h } }: any) => y + h));
const { background, text } = theme.colors;
createRoot(document.getElementById("root")!).render(
  <data.ThemeContext.Provider value={theme}>
    <ui.GlobalStyles />
    <div id="board" style={{ position: "relative", height: rows * (ROW + GAP) + GAP, background: background.canvas, color: text.primary }}>
      {all.map((one: any) => (
        <Panel key={one.panel.id} {...one} />
      ))}
    </div>
  </data.ThemeContext.Provider>,
);
