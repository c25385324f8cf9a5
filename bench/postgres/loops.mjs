import { setTimeout as delay } from 'node:timers/promises';

/**
 * Keeps `waiting` sends under way. Returns the latencies in milliseconds, rising, of what ended while it was measured,
 * and what `read` answered at both ends of that time.
 */
export async function runClosed(send, { waiting, warmMs, measureMs, read }) {
  let state = 'warming';
  const took = [];
  const sendOn = async () => {
    while (state !== 'over') {
      const begin = performance.now();
      await send();
      if (state === 'measuring') took.push(performance.now() - begin);
    }
  };
  const all = Promise.all(Array.from({ length: waiting }, sendOn));
  // The first send that fails ends the bench.
  const during = (work) => Promise.race([work, all]);
  await during(delay(warmMs));
  const before = await during(read());
  state = 'measuring';
  await during(delay(measureMs));
  const after = await during(read());
  state = 'over';
  await all;
  return { took: sorted(took), before, after };
}

/**
 * Sends by a clock that does not wait for answers. Returns the latencies from when each send was due, in milliseconds,
 * rising.
 */
export async function runOpen(send, { rate, warmMs, measureMs }) {
  const begin = performance.now();
  const end = begin + warmMs + measureMs;
  const took = [];
  const failures = [];
  const all = [];
  const sendDue = async (due) => {
    await send();
    if (due >= begin + warmMs) took.push(performance.now() - due);
  };
  const nextDue = () => begin + (all.length * 1_000) / rate;
  while (nextDue() < end && failures.length === 0) {
    while (nextDue() < Math.min(end, performance.now()))
      all.push(sendDue(nextDue()).catch((error) => failures.push(error)));
    // A timer instead of a tick, so that the thread does not spin on a core that the server uses.
    await delay(1);
  }
  await Promise.all(all);
  if (failures.length > 0) throw failures[0];
  return sorted(took);
}

/** Calls one after the other for a time. Returns the latencies in milliseconds, rising. */
export async function runAlone(call, { warmMs, measureMs }) {
  const { took } = await runClosed(call, { waiting: 1, warmMs, measureMs, read: async () => null });
  return took;
}

export function latenciesOf(rising) {
  return { p50Ms: percentile(rising, 0.5), p99Ms: percentile(rising, 0.99) };
}

function percentile(rising, share) {
  return rising[Math.min(rising.length - 1, Math.floor(rising.length * share))] ?? Number.NaN;
}

function sorted(values) {
  return values.toSorted((a, b) => a - b);
}
