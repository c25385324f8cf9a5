/** Everything the simulator can do to a session, by the name used in `docs/guides/faults.md`. */
const faultNames = [
  'link cut',
  'link cut, one end never told',
  'connection lost in silence',
  'link opened and dead',
  'link swallowed without notice',
  'link swallowed upwards only',
  'link swallowed downwards only',
  'opening handshake with a record',
  'opening handshake repeated',
  'request lost',
  'answer lost',
  'request refused for its size',
  'request cut for its size',
  'message in parts',
  'request waiting for another one',
  'held request gave way',
  'answer not to be read',
  'request repeated at once',
  'request repeated later, first answer used',
  'request repeated later, second answer used',
  'stream withheld to its end',
  'stream withheld from later on',
  'nothing passes for seconds',
  'stream asked for again by the browser',
  'delivery seconds late',
  'frame of equal length removed',
  'answer given to another session',
  'stream goes on in that of another session',
  'poll parked for long',
  'poll answered at once',
  'poll too soon',
  'nonce known to two nodes',
  'server restored from an older state',
  'server restored, messages forgotten',
  'server restored, knowing nothing',
  'quiet tail',
  'close amid faults',
  'close with messages under way',
  'second stage late',
  'several ways raced to open',
  'client woken',
  'client hidden',
  'topic reset',
  'buffer full',
  'token renewed',
  'token renewed while suspended',
  'session handed over',
  'hand-over never confirmed',
  'snapshot damaged',
  'early messages at once',
  'duplex to stream',
  'duplex to poll',
  'stream to duplex',
  'stream to poll',
  'poll to duplex',
  'poll to stream',
] as const;

export type FaultName = (typeof faultNames)[number];

/** Counts the faults that really occurred in one run: a requested fault without effect does not count. */
export class Census {
  /** The count by name; an absent name did not occur. */
  readonly counts = new Map<FaultName, number>();
  /** When the network last caused a fault; -1 for never. */
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

/** Sums over many runs: in how many each fault occurred, and how often in total. */
export class CensusTotal {
  readonly #runs = new Map<FaultName, number>();
  readonly #times = new Map<FaultName, number>();

  add(counts: Iterable<readonly [FaultName, number]>): void {
    for (const [name, times] of counts) {
      this.#runs.set(name, (this.#runs.get(name) ?? 0) + 1);
      this.#times.set(name, (this.#times.get(name) ?? 0) + times);
    }
  }

  merge(rows: CensusTotal['rows']): void {
    for (const [name, runs, times] of rows) {
      if (runs === 0) continue;
      this.#runs.set(name, (this.#runs.get(name) ?? 0) + runs);
      this.#times.set(name, (this.#times.get(name) ?? 0) + times);
    }
  }

  /** @returns name, runs, times; in the order of `faultNames` */
  get rows(): readonly (readonly [FaultName, number, number])[] {
    return faultNames.map((name) => [name, this.#runs.get(name) ?? 0, this.#times.get(name) ?? 0]);
  }

  /** The faults never injected: a simulator that stopped injecting one would silently find less. */
  get missing(): readonly FaultName[] {
    return faultNames.filter((name) => !this.#runs.has(name));
  }
}
