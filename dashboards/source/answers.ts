// The first row of a board, in five words: safe or not, until when, who, since when, what to do.
import { firing, firingSince } from './alerts.js';
import { TIME } from './limits.js';
import * as panels from './panels.js';
import { BLUE, ORANGE, RED, type Link, type Options, type Query } from './panels.js';
import { BY, HERE } from './queries.js';

const [, [PAGE], [TICKET]] = TIME;

/** What the answers are read from. All are PromQL of one cluster's series, given its matchers. */
export interface Source {
  /** Beginning of the alerts' names. */
  bundle: string;
  /** Seconds until full, while it fills up. */
  time: (here: string) => string;
  /** Bytes that are left. */
  room: (here: string) => string;
  /** There while every write is refused. */
  refused: (here: string) => string;
}

/** A state of the cluster: there while `expr` has a series. */
export interface State {
  word: string;
  action: string;
  color: string;
  expr: string;
}

// No end in sight is so many seconds, because "no forecast" would be without a sample.
const NONE = 1e9;
const now = { type: 'value', options: { '0': { text: 'now', color: RED, index: 0 } } };
const none = { type: 'range', options: { from: NONE, to: 10 * NONE, result: { text: 'none in sight', color: BLUE, index: 1 } } };
export const FULL_WORDS = { mappings: [now, none] };

/** Seconds until writes are refused: 0 while they are, 1e9 while nothing fills up. */
export const fullIn = ({ time, room, refused }: Source, here = '') =>
  `min by (${BY}) (0 * ${refused(here)} or ${time(here)} or 0 * (${room(here)} > 0) + ${NONE} or 0 * ${room(here)})`;

/** The states that need no more than alerts and forecasts, the worst last. */
export const commonStates = ({ bundle, time, room }: Source, action: string): State[] => [
  { word: 'safe', action: 'nothing', color: BLUE, expr: room(HERE) },
  {
    word: 'at risk',
    action: 'see the alerts',
    color: ORANGE,
    expr: `(${time(HERE)} < ${TICKET} or ${firing(bundle, `severity="warning", ${HERE}`)})`,
  },
  {
    word: 'not safe',
    action,
    color: RED,
    expr: `(${time(HERE)} < ${PAGE} or ${firing(bundle, `severity="critical", ${HERE}`)})`,
  },
];

// The number of the worst. What has equal labels in two states counts in the worse one.
const worst = (states: State[]) =>
  `max by (${BY}) (\n  ${states
    .map(({ expr }, index) => `0 * ${expr} + ${index}`)
    .reverse()
    .join('\n  or\n  ')}\n)`;

const since = ({ bundle }: Source, severity: string) => `min by (${BY}) (${firingSince(bundle, `severity="${severity}", ${HERE}`)})`;

/** The five panels, with `who` in the middle. What to do has `links`. */
export function answers(
  source: Source,
  states: State[],
  who: Pick<Options, 'title' | 'description' | 'unit' | 'queries'>,
  links: Link[] = []
) {
  const worded = (text: (state: State) => string, look = {}): Query => ({
    expr: worst(states),
    legend: '{{etcd_cluster}}',
    look: { ...panels.words(...states.map((state): [string, string] => [text(state), state.color])), ...look },
  });
  const cell = { w: 5, h: 4 };
  return {
    safe: panels.number({
      ...cell,
      title: 'Safe?',
      description: 'Whether etcd takes writes and will go on doing so, by its alarm, the forecast and the alerts that fire.',
      unit: 'short',
      noValue: 'unknown',
      queries: [worded(({ word }) => word)],
    }),
    end: panels.number({
      ...cell,
      title: 'Full in',
      description:
        'Time until etcd refuses every write at the present growth: under 75 minutes it pages, under 36 hours it makes a ticket.',
      unit: 's',
      steps: TIME,
      noValue: 'unknown',
      queries: [{ expr: fullIn(source, HERE), legend: '{{etcd_cluster}}', look: FULL_WORDS }],
    }),
    who: panels
      .number({ ...cell, ...who, noValue: 'unknown' })
      .textMode(panels.VALUE_AND_NAME)
      .decimals(0),
    since: panels.number({
      ...cell,
      w: 4,
      title: 'Since',
      description: 'When the oldest alert that fires began to be true, of the critical ones if there are any, else of the warnings.',
      unit: 'dateTimeFromNow',
      noValue: 'no alert',
      queries: [{ expr: `1000 * (${since(source, 'critical')} or ${since(source, 'warning')})`, legend: '{{etcd_cluster}}' }],
    }),
    todo: panels.number({
      ...cell,
      title: 'What to do',
      description: 'The first thing to do in this state.',
      unit: 'short',
      noValue: 'find the exporter',
      queries: [worded(({ action }) => action, { links })],
    }),
  };
}
