// Thresholds and reaches that rules/alerts.yaml and rules/recording.yaml have: tests/dashboards/lint.py compares them.
import { BLUE, ORANGE, RED, type Steps } from './panels.js';

/** Headroom of a file as a share of its quota: AlmostFull, and where DefragmentationHelps begins. */
export const ROOM: Steps = [
  [null, RED],
  [0.0105, ORANGE],
  [0.2, BLUE],
];
/** Seconds until the quota is reached: FullWithinTheHour, FullWithinADay. */
export const TIME: Steps = [
  [null, RED],
  [75 * 60, ORANGE],
  [36 * 3600, BLUE],
];
/** What a defragmentation gives back as a share of the quota: DefragmentationHelps. */
export const GAIN: Steps = [
  [null, BLUE],
  [0.25, ORANGE],
];
/** Headroom of every member before an alarm may be disarmed: cluster:etcd_headroom_space_is_back:bool. */
export const DISARM: Steps = [
  [null, RED],
  [0.1, BLUE],
];
/** Share of a namespace's budget: NamespaceNearBudget, NamespaceOverBudget. */
export const BUDGET: Steps = [
  [null, BLUE],
  [0.8, ORANGE],
  [1, RED],
];
