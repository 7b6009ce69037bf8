// What a panel's queries return, as Grafana's Prometheus data source gives it to a panel.
import { createDataFrame, FieldType, type DataFrame } from "@grafana/data";

const asked = new URLSearchParams(location.search);
const PAST_SECONDS = 300;
const STEPS = 300;
const now = Math.floor(Date.now() / 1000);
const values: Record<string, string> = { cluster: "demo", member: "m1", __rate_interval: "15s", __range: `${PAST_SECONDS}s` };

export const interpolate = (text: string) => text.replace(/\$(\w+)/g, (_, name) => values[name] ?? ".*");

/** The seconds that a panel shows. */
export const span = (panel: any) =>
  panel.timeFrom === "+24h" ? { from: now, to: now + 24 * 3600 } : { from: now - PAST_SECONDS, to: now };

async function ask(path: string, parameters: Record<string, string>): Promise<any[]> {
  const answer = await fetch(`${asked.get("prometheus")}/api/v1/${path}?${new URLSearchParams(parameters)}`);
  return (await answer.json()).data.result;
}

export async function frames(panel: any): Promise<DataFrame[]> {
  const answers = panel.targets.map((target: any) => (target.format === "table" ? rows(panel, target) : series(panel, target)));
  return (await Promise.all(answers)).flat();
}

async function rows(panel: any, target: any) {
  const result = await ask("query", { query: interpolate(target.expr) });
  const labels = [...new Set(result.flatMap((one) => Object.keys(one.metric)))].sort();
  const fields = [
    { name: "Time", type: FieldType.time, values: result.map(() => now * 1000) },
    ...labels.map((name) => ({ name, type: FieldType.string, values: result.map((one) => one.metric[name] ?? "") })),
    {
      name: panel.targets.length > 1 ? `Value #${target.refId}` : "Value",
      type: FieldType.number,
      values: result.map((one) => Number(one.value[1])),
    },
  ];
  return [createDataFrame({ refId: target.refId, fields })];
}

async function series(panel: any, target: any) {
  const { from, to } = span(panel);
  const query = interpolate(target.expr);
  const result = target.instant
    ? (await ask("query", { query })).map((one) => ({ metric: one.metric, values: [one.value] }))
    : await ask("query_range", { query, start: `${from}`, end: `${to}`, step: `${Math.max(1, (to - from) / STEPS)}` });
  return result.map(({ metric, values }: any) =>
    createDataFrame({
      refId: target.refId,
      fields: [
        { name: "Time", type: FieldType.time, values: values.map(([second]: [number]) => second * 1000) },
        {
          name: "Value",
          type: FieldType.number,
          labels: metric,
          config: { displayNameFromDS: target.legendFormat.replace(/{{(\w+)}}/g, (_: string, label: string) => metric[label] ?? "").trim() },
          values: values.map(([, value]: [number, string]) => Number(value)),
        },
      ],
    }),
  );
}
