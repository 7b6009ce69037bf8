// Columns of the tables of who-is-filling, which choose what they show.
import { toBoard, WRITERS } from './board.js';
import { type Column } from './panels.js';

/** A link that sets a variable of the board. */
export const only = (name: string, value: string) => [{ title: `Only ${value}`, url: toBoard(WRITERS, `&var-${name}=${value}`) }];
// What belongs to no namespace.
const scopeWords = { mappings: [{ type: 'special', options: { match: 'empty', result: { text: 'cluster-scoped', index: 0 } } }] };

/** A column of a label that is a variable, too. */
export const column = (field: string, title: string): Column => ({
  field,
  title,
  look: { links: only(field, '${__value.raw}'), 'custom.width': 220, ...(field === 'object_namespace' ? scopeWords : {}) },
});

export const COUNT = { unit: 'none', decimals: 0 };
