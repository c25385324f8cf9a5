/**
 * `node bench/profile.mjs w2r20k [--public]`: where one server's time goes under one load. Prints the most expensive
 * functions and where the profile is; the performance panel of Chrome's developer tools or speedscope draws it.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build, isBuilt } from '../scripts/build.mjs';
import { buildGenerator, runCell } from './generator.mjs';
import { workloads } from './workloads.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    peer: { type: 'string', default: 'everywire' },
    public: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '5' },
  },
});
const [load] = positionals;
const folder = fileURLToPath(new URL('../.cache/bench/profile', import.meta.url));

if (!isBuilt()) await build();
buildGenerator();
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const cell = await runCell(values.peer, workloads[load], 21_999, {
  warmS: 2,
  measureS: Number(values.seconds),
  nodeOptions: ['--cpu-prof', '--cpu-prof-interval', '200', '--cpu-prof-dir', folder],
  env: values.public ? { EVERYWIRE_SOCKETS: 'public' } : {},
  endGently: true,
});
const [name] = readdirSync(folder);
const profile = JSON.parse(readFileSync(join(folder, name), 'utf8'));
// Start and handshakes are another matter; where connections do nothing, handshakes are what is looked at, and not
// their end.
const idleLoad = workloads[load].args.includes('idle');
const from = idleLoad ? profile.startTime : profile.endTime - Number(values.seconds) * 1e6;
const to = idleLoad ? profile.endTime - 3.5e6 : profile.endTime;
let time = profile.startTime;

const nodes = new Map(profile.nodes.map((node) => [node.id, { ...node, self: 0 }]));
for (const [at, id] of profile.samples.entries()) {
  time += profile.timeDeltas[at];
  if (time >= from && time <= to) nodes.get(id).self += profile.timeDeltas[at];
}
const nameOf = ({ callFrame }) => {
  const file = callFrame.url.split('/').at(-1);
  return file ? `${callFrame.functionName || '(anonymous)'} ${file}` : callFrame.functionName;
};
const idle = [...nodes.values()].filter(({ callFrame }) => callFrame.functionName === '(idle)');
for (const node of idle) node.self = 0;
const total = [...nodes.values()].reduce((sum, node) => sum + node.self, 0);
const selves = new Map();
for (const node of nodes.values()) selves.set(nameOf(node), (selves.get(nameOf(node)) ?? 0) + node.self);

console.log(
  `${values.peer} ${load}: ${cell.cpu_us ?? cell.handshake_us} us CPU each while profiled\n\n  self  function`,
);
for (const [what, self] of [...selves].toSorted((a, b) => b[1] - a[1]).slice(0, 25))
  console.log(`${((self / total) * 100).toFixed(1).padStart(5)} %  ${what}`);
console.log(`\n${join(folder, name)}`);
