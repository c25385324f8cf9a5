/**
 * One failed attempt of a client to connect, as the client reports it. `status`: the status of the HTTP answer, if
 * there was one and the client's platform shows it.
 */
export interface TriedTransport {
  readonly transport: string;
  /** The reason, as in `Attempt.reason` of the client. */
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
  /**
   * The failed attempts before the change, the latest of each transport. In the last change, also the failed attempts
   * since the change.
   */
  readonly tried: readonly TriedTransport[];
}

/** Maximum number of stored changes of one session. When exceeded, the oldest is dropped. */
const MOVES_MAX = 20;
/** Maximum number of transports in one report. */
const TRIED_MAX = 16;
/** Maximum characters of one report that are parsed: the last ones. */
const TRIED_LENGTH_MAX = 1_000;

/** Records the transport changes of one session, for `explain`. */
export class TransportHistory {
  #all: readonly TransportChange[] = [];
  /** The attempts that the client reported since the last change. `null`: none. */
  #tried: readonly TriedTransport[] | null = null;
  #at: string | null;

  constructor(at: string | null = null) {
    this.#at = at;
  }

  /** The changes, oldest first. The last one includes the failed attempts since then. */
  get all(): readonly TransportChange[] {
    const last = this.#all.at(-1);
    if (this.#tried === null || !last) return this.#all;
    return [...this.#all.slice(0, -1), { ...last, tried: this.#tried }];
  }

  /** Records the failed attempts that the client reports in `words`. Ignores invalid parts. */
  tried(words: string): void {
    this.#tried = parseTried(words);
  }

  /** Records the transport of a new link. */
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
