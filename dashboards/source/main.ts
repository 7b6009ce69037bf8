// Writes the boards into the folder that is given.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from './board.js';
import { fleet } from './fleet.js';
import { incident } from './incident.js';
import { managed } from './managed.js';
import { overview } from './overview.js';
import { writers } from './writers.js';

const [folder] = process.argv.slice(2);
for (const [name, board] of Object.entries({ fleet, 'headroom-overview': overview, 'who-is-filling': writers, incident, managed })) {
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(finished(board), null, 2)}\n`);
}
