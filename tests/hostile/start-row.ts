import { once } from 'node:events';
import { request } from 'node:http';
import { expect, it } from 'vitest';
import { STALL_MS_MAX } from './stall-limit.js';
import { residentBytes, type StartState, StartTarget } from './start-target.js';

/** The maximum growth of resident memory in bytes during an attack. */
const BYTES_MAX = 80 << 20;
/** The maximum growth of the heap after a collection, as a factor. */
const HEAP_FACTOR_MAX = 1.1;

let started: Promise<StartTarget> | null = null;

/**
 * Ends the process of these rows. Each file with such rows must call it at its end, because files may share this
 * module, which would register it only for the first.
 */
export async function endStarted(): Promise<void> {
  const target = started;
  started = null;
  await (await target)?.end();
}

/**
 * Defines the test of one row of the list of hostile input (`rows.ts`) against the process of `npm start` on a small
 * machine. Runs the attack of a stranger, and checks during and after it that an honest visitor is served, that no tick is
 * long, and that memory and files are released. The rows share a process. They depend on the kernel and the garbage
 * collector, so `npm test` runs none of them. `attack` is called twice: first with a small number, so that its code is
 * compiled, then with `times`.
 */
export function startRow(
  name: string,
  times: number,
  attack: (target: StartTarget, times: number) => Promise<void>,
): void {
  it(name, async () => {
    started ??= StartTarget.start();
    const target = await started;
    await attack(target, WARM_TIMES);
    await neighbourAsks(target);
    const before = await settled(target);
    const resident = target.watchMemory(before.pid);
    const neighbour = asksUntilStopped(target);
    await attack(target, times);
    expect(await neighbour.stop()).toBeGreaterThan(0);
    const during = await target.state();
    const taken = residentBytes(before.pid, 'VmHWM') - resident;
    const after = await backTo(target, before);
    if (process.env['EVERYWIRE_SHOW'] !== undefined)
      console.log(name, { before, during, after, taken: taken / 2 ** 20 });
    expect(during.pid).toBe(before.pid);
    expect(during.stallMs).toBeLessThanOrEqual(STALL_MS_MAX);
    expect(taken).toBeLessThanOrEqual(BYTES_MAX);
    expect(during.errors).toEqual([]);
  });
}

/** The number of the first call of an attack. */
const WARM_TIMES = 20;

/**
 * Returns the state once it has been stable for a while: background work of the start, such as the check of the store,
 * is over.
 */
async function settled(target: StartTarget): Promise<StartState> {
  let [before, same] = [await target.state(), 0];
  return until(target, (now) => {
    const alike = now.files === before.files && Math.abs(now.heap - before.heap) < before.heap / 100;
    [before, same] = [now, alike ? same + 1 : 0];
    return same === SETTLED_LOOKS;
  });
}

/** Waits until the resources of the process have returned to their previous level. */
function backTo(target: StartTarget, before: StartState): Promise<StartState> {
  return until(target, (now) => now.files <= before.files && now.heap <= before.heap * HEAP_FACTOR_MAX);
}

/** How long to wait for a state, how often to look, and for how many looks it must be stable. */
const DEADLINE_MS = 60_000;
const LOOK_MS = 50;
const SETTLED_LOOKS = 10;

async function until(target: StartTarget, isReached: (state: StartState) => boolean): Promise<StartState> {
  const end = performance.now() + DEADLINE_MS;
  for (;;) {
    const state = await target.state();
    if (isReached(state)) return state;
    if (performance.now() > end) throw new Error(`After ${DEADLINE_MS} ms it still holds ${JSON.stringify(state)}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** Sends a request of an honest visitor from another address, on a separate connection. */
async function neighbourAsks(target: StartTarget): Promise<void> {
  const outgoing = request(`${target.url}/healthz`, { agent: false, localAddress: '127.0.0.2' }).end();
  const [answer] = await once(outgoing, 'response');
  expect(answer.statusCode).toBe(200);
  answer.resume();
  await once(answer, 'end');
}

/** Starts continuous requests of a visitor. `stop` ends them and returns the number of answers. */
function asksUntilStopped(target: StartTarget): { stop(): Promise<number> } {
  let stopped = false;
  const asking = (async () => {
    let answered = 0;
    while (!stopped || answered === 0) {
      await neighbourAsks(target);
      answered += 1;
    }
    return answered;
  })();
  asking.catch(() => undefined);
  return {
    stop: () => {
      stopped = true;
      return asking;
    },
  };
}
