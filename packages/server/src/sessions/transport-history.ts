/**
 * One failed attempt of a client, as the client reports it. `status` is that of an HTTP answer, if the client's platform shows
 * it.
 */
export interface TriedTransport {
  readonly transport: string;
  /** As `Attempt.reason` of the client. */
  readonly reason: string;
  readonly status?: number;
}

/** A session's change to another transport. */
export interface TransportChange {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** `null`: the session started with this transport. */
  readonly from: string | null;
  readonly to: string;
  /** The failed attempts before the change: the latest of each transport. For the current transport, also those since. */
  readonly tried: readonly TriedTransport[];
}

/** Maximum number of stored moves of one session: the latest. */
const MOVES_MAX = 20;
/** Maximum number of transports in one report. */
const TRIED_MAX = 16;
const TRIED_LENGTH_MAX = 1_000;

/** The moves of one session, for `explain`. */
export class TransportHistory {
  #all: readonly TransportChange[] = [];
  /** Reported with an attach that has not changed the transport yet. */
  #tried: readonly TriedTransport[] | null = null;
  #at: string | null;

  constructor(at: string | null = null) {
    this.#at = at;
  }

  /** The moves, oldest first. The last includes the attempts since then. */
  get all(): readonly TransportChange[] {
    const last = this.#all.at(-1);
    if (this.#tried === null || !last) return this.#all;
    return [...this.#all.slice(0, -1), { ...last, tried: this.#tried }];
  }

  /** Notes the attempts that precede a move. Invalid words are ignored. */
  tried(words: string): void {
    this.#tried = parseTried(words);
  }

  to(to: string): void {
    const from = this.#at;
    if (from === to && this.#all.length > 0) return;
    const move = { at: Date.now(), from: from === to ? null : from, to, tried: this.#tried ?? [] };
    this.#all = [...this.#all.slice(1 - MOVES_MAX), move];
    this.#tried = null;
    this.#at = to;
  }
}

const TRIED = /^([a-z-]{1,30}) ([a-z_]{1,30})(?: (\d{3}))?$/;

/** Returns the latest failure of each transport. */
function parseTried(words: string): readonly TriedTransport[] {
  const found = new Map<string, TriedTransport>();
  for (const one of words.slice(-TRIED_LENGTH_MAX).split(';')) {
    const [, transport, reason, status] = TRIED.exec(one) ?? [];
    if (transport === undefined || reason === undefined) continue;
    found.delete(transport);
    found.set(transport, { transport, reason, ...(status !== undefined && { status: Number(status) }) });
  }
  return [...found.values()].slice(-TRIED_MAX);
}
