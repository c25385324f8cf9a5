import { machineBusyUs, processCpuUs } from '../cpu-time.mjs';
import { startSender, startServer } from './processes.mjs';

export const range = (count) => Array.from({ length: count }, (_, at) => at + 1);

/** Starts one server and one client process. `measure` runs loads and adds the server's cost per send. */
export async function withServer(file, { users, list = false, execArgv, tree }, measure) {
  return withPeople(await startServer(file, execArgv, tree), startSender(), { users, watch: list }, measure);
}

/** Does the same for any server that reports its usage, and clients with the interface of `startSender`. */
export async function withPeople(server, sender, connecting, measure) {
  try {
    const atStart = await server.ask('gc');
    await sender.run('connect', { port: server.port, ...connecting });
    const load = async (options) => {
      const asked = {};
      const figures = await sender.run('load', options, (progress) => {
        asked[progress] = usageOf(server, sender);
        // A server that ended is reported below, when the people have finished.
        asked[progress].catch(() => undefined);
      });
      const [before, after] = await Promise.all([asked.measuring, asked.measured]);
      const sends = (figures.perSecond * options.measureMs) / 1_000;
      const cpuUs = after.cpuUs - before.cpuUs;
      const othersUs = after.busyUs - before.busyUs - cpuUs - (after.peopleUs - before.peopleUs);
      return {
        ...figures,
        serverUs: cpuUs / sends,
        mainUs: (after.mainUs - before.mainUs) / sends,
        serverPct: cpuUs / options.measureMs / 10,
        foreignPct: othersUs / (after.atMs - before.atMs) / 10,
        delayMaxMs: after.delayMaxMs,
        rssMb: after.rss / 1e6,
      };
    };
    return await measure({ server, sender, load, atStart });
  } finally {
    sender.end();
    await server.end('SIGKILL');
  }
}

/** What the server says of itself, and the processor time of the people and of the whole machine at the same moment. */
async function usageOf(server, sender) {
  const around = { atMs: performance.now(), busyUs: machineBusyUs(), peopleUs: processCpuUs(sender.pid) };
  return { ...(await server.ask()), ...around };
}

export const round = (number, digits = 1) => (number === null ? null : Number(number.toFixed(digits)));

/** Returns the stored figures of a maximum load and of a load at a fixed rate, with the same names for every system. */
export const figuresOfLoads = (full, half) => ({
  perSecond: round(full.perSecond, 0),
  fullP99Ms: round(full.p99Ms),
  serverUs: round(full.serverUs, 0),
  halfP50Ms: round(half.p50Ms),
  halfP99Ms: round(half.p99Ms),
  halfP999Ms: round(half.p999Ms),
  halfServerUs: round(half.serverUs, 0),
  halfPct: round(half.serverPct, 0),
  failed: full.failed + half.failed,
});

export function line(
  name,
  { perSecond, p50Ms, p99Ms, p999Ms, serverUs, mainUs, serverPct, delayMaxMs, failed, codes, eventsPerSecond, rssMb },
) {
  const ack = `ack p50 ${p50Ms?.toFixed(1)} p99 ${p99Ms?.toFixed(1)} p99.9 ${p999Ms?.toFixed(1)} ms`;
  const inside = Number.isNaN(mainUs)
    ? ''
    : ` (script and commits ${mainUs.toFixed(0)}), longest turn ${delayMaxMs.toFixed(0)} ms`;
  const cost = `server ${serverUs.toFixed(0)} us a send${inside}, ${serverPct.toFixed(0)} %, ${rssMb.toFixed(0)} MB`;
  return `${name}: ${perSecond.toFixed(0)}/s  ${ack}  ${cost}  ${eventsPerSecond.toFixed(0)} delivered/s${failed ? `  FAILED ${failed} ${codes}` : ''}`;
}
