/** The faults that the simulator can inject, by the names in `docs/guides/faults.md`. */
const faultNames = [
  'link cut',
  'link cut, client not notified',
  'connection attempt lost',
  'link dead after its opening',
  'link silenced in both directions',
  'link silenced upstream only',
  'link silenced downstream only',
  'opening handshake with a record',
  'opening handshake repeated',
  'request lost',
  'answer lost',
  'request refused as too large',
  'request cut as too large',
  'message in parts',
  'request waited for another one',
  'held request ended early',
  'answer unreadable to the client',
  'request repeated immediately',
  'request repeated later, first answer used',
  'request repeated later, second answer used',
  'stream buffered until its end',
  'stream buffered from a later moment on',
  'network outage of seconds',
  'stream reopened by the browser',
  'delivery late by seconds',
  'frame of equal length removed',
  'answer given to another session',
  'stream continued by that of another session',
  'poll parked for a long time',
  'poll answered immediately',
  'poll sent too early',
  'nonce known to two nodes',
  'server restored from an older state',
  'server restored without later messages',
  'server restored with an empty state',
  'quiet tail',
  'close during faults',
  'close with messages in flight',
  'second stage late',
  'several transports raced to open',
  'client woken',
  'client hidden',
  'topic reset',
  'buffer full',
  'token renewed',
  'token renewed while suspended',
  'session handed over',
  'hand-over never confirmed',
  'snapshot damaged',
  'early messages delivered immediately',
  'duplex to stream',
  'duplex to poll',
  'stream to duplex',
  'stream to poll',
  'poll to duplex',
  'poll to stream',
] as const;

/** The name of a fault. */
export type FaultName = (typeof faultNames)[number];

/** Counts the faults that really occurred in one run. A fault that was injected without effect does not count. */
export class Census {
  /** The counts by name. A fault whose name is absent did not occur. */
  readonly counts = new Map<FaultName, number>();
  /** Virtual time in milliseconds of the last fault of the network; -1 if there was none. */
  lastFaultAt = -1;

  count(name: FaultName): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }

  /** Counts one fault of the network. */
  fault(name: FaultName, now: number): void {
    this.count(name);
    this.lastFaultAt = now;
  }
}

/** Sums the counts of many runs: in how many runs each fault occurred, and how often in total. */
export class CensusTotal {
  readonly #runs = new Map<FaultName, number>();
  readonly #times = new Map<FaultName, number>();

  /** Adds the counts of one run. */
  add(counts: Iterable<readonly [FaultName, number]>): void {
    for (const [name, times] of counts) {
      this.#runs.set(name, (this.#runs.get(name) ?? 0) + 1);
      this.#times.set(name, (this.#times.get(name) ?? 0) + times);
    }
  }

  /** Adds the sums of other runs. */
  merge(rows: CensusTotal['rows']): void {
    for (const [name, runs, times] of rows) {
      if (runs === 0) continue;
      this.#runs.set(name, (this.#runs.get(name) ?? 0) + runs);
      this.#times.set(name, (this.#times.get(name) ?? 0) + times);
    }
  }

  /** Of each fault, in the order of `faultNames`: its name, the number of runs in which it occurred, and how often. */
  get rows(): readonly (readonly [FaultName, number, number])[] {
    return faultNames.map((name) => [name, this.#runs.get(name) ?? 0, this.#times.get(name) ?? 0]);
  }

  /** Faults that never occurred. If the simulator stopped injecting a fault, it would silently detect fewer errors. */
  get missing(): readonly FaultName[] {
    return faultNames.filter((name) => !this.#runs.has(name));
  }
}
