/**
 * The common parts of senders for all protocols: the pace of a load, the results of its sends, and control over IPC.
 */
let events = 0;
/** Why open sessions ended; their outstanding requests are never answered. */
const ended = new Map();

/** The caller must call this for every event that is not an answer. */
export const countEvent = () => {
  events += 1;
};

/** To be called for every session that ends. */
export const countEnd = (reason) => {
  ended.set(reason, (ended.get(reason) ?? 0) + 1);
};

export const percentile = (sorted, share) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;

/**
 * `rate`: sends a second, in an open loop. `under`: maximum speed, with this many sends in flight.
 * `send(number, settle)` sends one, and calls `settle` when it is acknowledged, with a code where it was refused.
 */
export async function pace({ rate = null, under = null, warmMs, measureMs }, send) {
  const begin = performance.now();
  const tally = new Tally(begin + warmMs, begin + warmMs + measureMs);
  const sendDue = (due) => {
    tally.started += 1;
    send(tally.started, (code) => tally.answered(code, due));
  };
  const dueNext = () => begin + (tally.started * 1_000) / rate;
  for (let now = begin; now < tally.to; now = performance.now()) {
    tally.reportProgress(now);
    if (rate === null) while (tally.flying < under) sendDue(performance.now());
    else while (dueNext() <= now) sendDue(dueNext());
    // Waits for a timer or an answer, not for a tick: the thread must not spin on the core of the server's other
    // threads.
    await (rate === null ? tally.nextAnswer(10) : new Promise((resolve) => setTimeout(resolve, 1)));
  }
  if (!tally.hasBegun) throw new Error('the senders stood still throughout the measurement');
  const delivered = events - tally.eventsBefore;
  process.send({ progress: 'measured' });
  await settled(tally);
  return { ...tally.figures(), eventsPerSecond: (delivered * 1_000) / measureMs };
}

/** Waits for outstanding answers, which arrive late, after events, when the process was overloaded. */
async function settled(tally) {
  let heard = -1;
  while (tally.flying > 0 && heard !== events + tally.answers) {
    heard = events + tally.answers;
    for (let waits = 0; tally.flying > 0 && waits < 1_000; waits += 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The results of the sends. Measures the sends due between `from` and `to`. */
class Tally {
  started = 0;
  eventsBefore = events;
  #acked = 0;
  #ackedInTime = 0;
  #failed = 0;
  #reported = 'nothing';
  #codes = new Set();
  #latencies = [];
  #waiting = () => undefined;

  constructor(from, to) {
    this.from = from;
    this.to = to;
  }

  /** Whether an iteration fell into the measured time: a process that gets no processor may sleep through it. */
  get hasBegun() {
    return this.#reported !== 'nothing';
  }

  get flying() {
    return this.started - this.answers;
  }

  get answers() {
    return this.#acked + this.#failed;
  }

  /** Resolves with the next answer, or without one after `mostMs`. */
  nextAnswer(mostMs) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, mostMs);
      this.#waiting = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  answered(code, due) {
    this.#waiting();
    if (code !== undefined) {
      this.#failed += 1;
      this.#codes.add(code);
      return;
    }
    const now = performance.now();
    this.#acked += 1;
    if (now >= this.from && now < this.to) this.#ackedInTime += 1;
    if (due >= this.from && due < this.to) this.#latencies.push(now - due);
  }

  reportProgress(now) {
    if (this.#reported !== 'nothing' || now < this.from) return;
    this.#reported = 'measuring';
    this.eventsBefore = events;
    process.send({ progress: 'measuring' });
  }

  figures() {
    if (this.flying > 0) this.#codes.add('unanswered');
    for (const [reason, count] of ended) this.#codes.add(`${count} sessions ended: ${reason}`);
    const latencies = this.#latencies.toSorted((a, b) => a - b);
    return {
      perSecond: (this.#ackedInTime * 1_000) / (this.to - this.from),
      acked: this.#acked,
      failed: this.#failed + this.flying,
      codes: [...this.#codes],
      p50Ms: percentile(latencies, 0.5),
      p99Ms: percentile(latencies, 0.99),
      p999Ms: percentile(latencies, 0.999),
    };
  }
}

/** `{ name, options }` from the parent is answered by `work[name](options)`. */
export function serve(work) {
  process.on('message', async ({ name, options }) => {
    try {
      process.send({ result: await work[name](options) });
    } catch (error) {
      process.send({ error: String(error) });
    }
  });
}
