/** The services of `cluster.mjs`, each a child of this process, and the processor time that they use. */
import { readdirSync, readFileSync } from 'node:fs';
import { startNats } from '@everywire/testkit/nats-server';
import { startPostgres } from '@everywire/testkit/postgres-server';
import { atExit } from './at-exit.mjs';

const tickUs = 10_000;
const processNames = { postgres: 'postgres', nats: 'nats-server' };

export async function startServices({ nats: isNatsWanted }) {
  // Both end in good order on SIGINT. Without this, an interrupted bench would leave them running.
  atExit(() => {
    for (const { pid } of Object.values(processNames).flatMap(ownChildren)) process.kill(pid, 'SIGINT');
  });
  const postgres = await startPostgres();
  const nats = isNatsWanted ? await startNats() : null;
  return {
    postgres,
    natsUrl: nats?.url ?? null,
    stop: async () => {
      await nats?.stop();
      await postgres.stop();
    },
  };
}

/**
 * Returns the processor time of a service so far, with all its processes, those that have ended included; in
 * microseconds and in steps of a clock tick.
 */
export function serviceCpuUs(service) {
  const roots = ownChildren(processNames[service]);
  const pids = new Set(roots.map(({ pid }) => pid));
  const workers = processes().filter(({ parent }) => pids.has(parent));
  const ticks = (list, of) => list.reduce((sum, each) => sum + each[of], 0);
  return (ticks(roots, 'ticks') + ticks(roots, 'ticksOfEnded') + ticks(workers, 'ticks')) * tickUs;
}

/** By the parent too: another bench on this machine may run a service of the same name. */
function ownChildren(name) {
  return processes().filter((each) => each.name === name && each.parent === process.pid);
}

function processes() {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(processOf)
    .filter((each) => each !== null);
}

function processOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [user, system, userOfEnded, systemOfEnded] = fields.slice(11, 15).map(Number);
    return {
      pid: Number(pid),
      parent: Number(fields[1]),
      name: stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')),
      ticks: user + system,
      ticksOfEnded: userOfEnded + systemOfEnded,
    };
  } catch {
    // The process ended while the directory was read.
    return null;
  }
}
