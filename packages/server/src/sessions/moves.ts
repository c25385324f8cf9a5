/** One attempt of a client that failed, as the client tells it: `status` is that of an HTTP answer, where its platform shows it. */
export interface TriedTransport {
  readonly transport: string;
  /** As `Attempt.reason` of the client. */
  readonly reason: string;
  readonly status?: number;
}

/** How a session came to a transport. */
export interface Move {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** `null`: the session began here. */
  readonly from: string | null;
  readonly to: string;
  /** What failed before, and where nothing moves, since: the latest failure of each transport. */
  readonly tried: readonly TriedTransport[];
}

/** Moves that are kept of one session, the latest. */
const MOVES_MAX = 20;
/** A client has this many transports, or says more than it can have tried. */
const TRIED_MAX = 16;
const TRIED_LENGTH_MAX = 1_000;

/** What `explain` says of one session. */
export class Moves {
  #all: readonly Move[] = [];
  /** Told with an attach that moved nothing yet. */
  #tried: readonly TriedTransport[] | null = null;
  #at: string | null;

  constructor(at: string | null = null) {
    this.#at = at;
  }

  /** Oldest first. Of a session that stays where it is, the last has what it tried since. */
  get all(): readonly Move[] {
    const last = this.#all.at(-1);
    if (this.#tried === null || !last) return this.#all;
    return [...this.#all.slice(0, -1), { ...last, tried: this.#tried }];
  }

  /** Comes before the move that it explains. Words that are none are left out. */
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

/** The latest failure of each transport. */
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
