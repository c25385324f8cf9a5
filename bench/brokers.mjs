/**
 * `npm run bench -- brokers`: what a publication costs between nodes, for two people each, at the same load on 2 and 4
 * nodes: processor time of all nodes and of the service, compared with the load on one node, which has no peer.
 *
 * `--brokers postgres,nats`, `--nodes 1,2,4`, `--rate 10000` (publications a second of all nodes together), `--seconds
 * 10`.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build, isBuilt } from '../scripts/build.mjs';

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    brokers: { type: 'string', default: 'postgres,nats' },
    nodes: { type: 'string', default: '1,2,4' },
    rate: { type: 'string', default: '10000' },
    seconds: { type: 'string', default: '10' },
  },
});
const program = fileURLToPath(new URL('broker-node.mjs', import.meta.url));
const tickUs = 10_000;
/** The time after which a broker without peers sends nothing, ms. */
const aloneMs = 4_000;

if (!isBuilt()) await build();
const { startNats } = await import('@everywire/testkit/nats-server');
const { startPostgres } = await import('@everywire/testkit/postgres-server');
const services = {
  postgres: async () => {
    const server = await startPostgres();
    return { url: await server.createDatabase(), stop: () => server.stop(), name: 'postgres' };
  },
  nats: async () => {
    const server = await startNats();
    return { url: server.url, stop: () => server.stop(), name: 'nats-server' };
  },
};

for (const kind of values.brokers.split(',')) {
  const service = await services[kind]();
  console.log(`\n${kind}: us of processor time a publication for two people, ${values.rate} a second`);
  for (const nodes of values.nodes.split(',')) await measure(kind, service, Number(nodes));
  await service.stop();
}

async function measure(kind, { url, name }, nodes) {
  const shared = { kind, url, nodes, perSecond: Number(values.rate) / nodes, seconds: Number(values.seconds) };
  const children = Array.from({ length: nodes }, (_, node) => fork(program, [JSON.stringify({ ...shared, node })]));
  await Promise.all(children.map((child) => once(child, 'message')));
  await new Promise((resolve) => setTimeout(resolve, aloneMs));
  const before = cpuOf(name);
  for (const child of children) child.send('go');
  const answers = (await Promise.all(children.map((child) => once(child, 'message')))).map(([answer]) => answer);
  const ofService = cpuOf(name) - before;
  await Promise.all(children.map((child) => once(child, 'exit')));
  const sum = (of) => answers.reduce((total, answer) => total + answer[of], 0);
  const a = (us) => (us / sum('published')).toFixed(1).padStart(6);
  console.log(
    `  ${nodes} nodes  all nodes ${a(sum('cpuUs'))}  service ${a(ofService)}  ${sum('received')} of ${sum('published') * 2} for another node  ${sum('gaps')} gaps`,
  );
}

/** Microseconds that all processes of this name have used. */
function cpuOf(name) {
  let ticks = 0;
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (stat.includes(`(${name})`)) ticks += Number(fields[11]) + Number(fields[12]);
    } catch {
      // It ended meanwhile.
    }
  }
  return ticks * tickUs;
}
