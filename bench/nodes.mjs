/**
 * `npm run bench -- nodes`: what a delivery costs on each version of Node, past the streams and by the public API,
 * compared with `ws` on the same Node. The direct way depends on undocumented behaviour of Node.
 *
 * `--loads w2pp,w5b20`, `--nodes 20,26`, `--rounds 3`, `--save` (into bench/results/nodes.json).
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build, isBuilt } from '../scripts/build.mjs';
import { ensureNode, nodeVersions } from '../scripts/ensure-node.mjs';
import { writeRows } from '../scripts/write-rows.mjs';
import { buildGenerator, runCell } from './generator.mjs';
import { workloads } from './workloads.mjs';

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    loads: { type: 'string', default: 'w1r50,w5b20,w2pp' },
    nodes: { type: 'string', default: nodeVersions.join(',') },
    rounds: { type: 'string', default: '1' },
    warm: { type: 'string', default: '1' },
    measure: { type: 'string', default: '3' },
    save: { type: 'boolean', default: false },
  },
});
const timing = { warmS: Number(values.warm), measureS: Number(values.measure) };
const ways = {
  ws: { peer: 'ws', env: {} },
  direct: { peer: 'everywire', env: { EVERYWIRE_SOCKETS: 'direct' } },
  public: { peer: 'everywire', env: { EVERYWIRE_SOCKETS: 'public' } },
};
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

if (!isBuilt()) await build();
buildGenerator();
let port = 22_000;
const results = [];
for (const load of values.loads.split(',')) {
  console.log(`\n${load}: ${workloads[load].text}; us of the server's processor a delivery`);
  for (const major of values.nodes.split(',')) results.push(await measure(load, major));
}
if (values.save) {
  const file = fileURLToPath(new URL('results/nodes.json', import.meta.url));
  // Loads that were not run keep their last figures.
  const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).results : [];
  const kept = before.filter((row) => !results.some(({ load }) => load === row.load));
  writeRows(file, { results: [...kept, ...results] });
  console.log(`\nwritten to ${file}`);
}

/** One load on one version; the ways take turns. */
async function measure(load, major) {
  const node = await ensureNode(major, console.log);
  const cells = { ws: [], direct: [], public: [] };
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const [way, { peer, env }] of Object.entries(ways)) {
      const { cpu_us } = await runCell(peer, workloads[load], port++, { ...timing, node, env });
      cells[way].push(cpu_us);
    }
  }
  const [wsMedian, direct, open] = [cells.ws, cells.direct, cells.public].map(median);
  const date = new Date().toISOString();
  const row = {
    load,
    date,
    ...timing,
    node: Number(major),
    wsUs: wsMedian,
    direct: direct / wsMedian,
    public: open / wsMedian,
  };
  console.log(
    `  Node ${major}  ws ${wsMedian.toFixed(3)}  past the streams ${row.direct.toFixed(2)} x  public ${row.public.toFixed(2)} x`,
  );
  return row;
}
