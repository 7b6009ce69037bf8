// PromQL that several boards share.

// The chosen etcd cluster. `cluster` is empty where Prometheus gives no such label, which then matches.
export const HERE = 'cluster="$cluster", etcd_cluster=~"$etcd_cluster"';
export const RESOURCES = `${HERE}, resource=~"$resource"`;
export const MEMBERS = `${HERE}, member=~"$member"`;
export const BY = 'cluster, etcd_cluster';

/** 0 none, 1 NOSPACE, 2 CORRUPT, per cluster. */
export const alarms = (labels: string) => {
  const alarm = (name: string) => `cluster:etcd_headroom_alarm_active:max{${labels ? `${labels}, ` : ''}alarm="${name}"}`;
  return `max by (${BY}) (${alarm('NOSPACE')} or 2 * ${alarm('CORRUPT')})`;
};

export const fileRoomRatio = (labels: string) =>
  `member:etcd_headroom_file_room_bytes:min{${labels}} / member:etcd_headroom_quota_bytes:min{${labels}}`;

/** 1 for a member whose disk is full before its quota is reached, else 0. Where only one of the two is known, that one. */
export const diskIsNearer = (labels: string) => {
  const disk = `member:etcd_headroom_data_disk_free_bytes:min{${labels}}`;
  const quota = `member:etcd_headroom_file_room_bytes:min{${labels}}`;
  return `(${disk} < bool ${quota} or 0 * ${quota} or 0 * ${disk} + 1)`;
};

/** A counter of writers, added up by some labels per exporter; of several exporters, which see the same, the largest. */
interface Writers {
  metric: string;
  by: string[];
  labels?: string;
  /** Selector of the counter that this family adds up to: the family itself, unless it is capped. */
  total?: string;
}

/** The ten that lead, and all others. */
export interface TopTen {
  top: string;
  rest: string;
}

const merged = (by: string, inner: string) => `max by (${BY}${by}) (sum by (${BY}, instance${by}) (${inner}))`;

function selectors({ metric, by, labels = HERE, total = `${metric}{${labels}}` }: Writers) {
  // What was past a cap has no writer to name: it belongs to the rest.
  const named = by.map((label) => `, ${label}!="other"`).join('');
  return { named: `${metric}{${labels}${named}}`, total, list: by.map((label) => `, ${label}`).join('') };
}

/** The ten that wrote most in the whole range: ten series, the same ones at every step. */
function leaders(writers: Writers) {
  const { named, list } = selectors(writers);
  return `topk(10, ${merged(list, `increase(${named}[$__range] @ end())`)})`;
}

/** Per second: the ten that wrote most, and what the others wrote. Together they are the total. */
export function topTenPerSecond(writers: Writers): TopTen {
  const { named, total, list } = selectors(writers);
  const top = `${merged(list, `rate(${named}[$__rate_interval])`)} and on (${BY}${list}) ${leaders(writers)}`;
  const all = merged('', `rate(${total}[$__rate_interval])`);
  return { top, rest: `clamp_min(${all} - on (${BY}) sum by (${BY}) (${top}), 0)` };
}

/** Legend of a namespace, of what `scoped` has gone over. */
export const NAMESPACE = '{{object_namespace}}{{scope}} {{etcd_cluster}}';
/** Gives what has no namespace the label `scope`, to have a name in legends. */
export const scopedName = (expression: string) => `label_replace(${expression}, "scope", "cluster-scoped", "object_namespace", "")`;
export const scoped = ({ top, rest }: TopTen): TopTen => ({ top: scopedName(top), rest });

/** Over the range: one row for each of the ten, and one for the others. */
export function topTenOverRange(writers: Writers): string {
  const { total } = selectors(writers);
  const top = leaders(writers);
  const all = merged('', `increase(${total}[$__range] @ end())`);
  const rest = `clamp_min(${all} - on (${BY}) sum by (${BY}) (${top}), 0)`;
  return `${top} or label_replace(${rest}, "${writers.by[0]}", "(all others)", "", "")`;
}

/** `expression`, for those writers alone that topTenOverRange lists. */
export const ofTopTen = (writers: Writers, expression: string) =>
  `${expression} and on (${BY}${selectors(writers).list}) ${leaders(writers)}`;

/**
 * Bytes that are stored, of an expression for a modifier of its selectors: the ten that are largest at the end of the range, the same at
 * every step, and the others.
 */
export function topTenStored(expression: (modifier: string) => string, by: string): TopTen {
  const top = `${expression('')} and on (${BY}, ${by}) topk(10, ${expression(' @ end()')})`;
  return { top, rest: `clamp_min(sum by (${BY}) (${expression('')}) - on (${BY}) sum by (${BY}) (${top}), 0)` };
}
