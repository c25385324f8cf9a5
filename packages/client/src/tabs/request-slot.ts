/**
 * How many of the six HTTP/1.1 connections that a browser opens to one host the tabs may hold for streams and polls.
 * The other connections are for loading and sending.
 */
const TURNS_MAX = 4;

/** The turn that this tab has. `give` releases it. */
interface Own {
  readonly number: number;
  readonly give: () => void;
  /** Removes the mark that this tab is hidden; absent while there is none. */
  unmark?: (() => void) | undefined;
}

/**
 * Decides whether a tab that has no WebSocket may hold a request open. Only `TURNS_MAX` tabs may do so at a time. Each
 * of them has a turn, which is a Web Lock. A tab keeps its turn until it is closed, or until it is hidden and a visible
 * tab takes the turn. A hidden tab marks its turn by a second lock, so that visible tabs find it.
 */
export class RequestSlot {
  /** Whether the tab has a turn. True until the locks show otherwise, and always if the platform refuses locks. */
  has = true;
  readonly #name: string;
  readonly #changed: () => void;
  readonly #words: BroadcastChannel;
  #own: Own | undefined;
  #search: AbortController | undefined;
  #over = false;

  /**
   * @param name must be the same for all tabs that share the connections
   * @param changed called when `has` changed
   */
  constructor(name: string, changed: () => void) {
    this.#name = name;
    this.#changed = changed;
    this.#words = new BroadcastChannel(name);
    this.#words.onmessage = () => this.#takeOver();
    document.addEventListener('visibilitychange', this.#look);
    this.#seek();
  }

  stop(): void {
    this.#over = true;
    document.removeEventListener('visibilitychange', this.#look);
    this.#words.close();
    this.#search?.abort();
    this.#own?.unmark?.();
    this.#own?.give();
  }

  #lock(number: number, options: LockOptions): void {
    let mine: Own | undefined;
    const hold = (): Promise<void> | undefined => {
      // Another of the requested locks was granted first.
      if (this.#own || this.#over) return undefined;
      return new Promise((give) => {
        this.#own = mine = { number, give };
        this.#search?.abort();
        this.#set(true);
        this.#look();
      });
    };
    navigator.locks.request(this.#turn(number), options, hold).catch(() => {
      if (!mine || this.#over) return;
      // A visible tab took over the turn.
      mine.unmark?.();
      this.#own = undefined;
      this.#seek();
    });
  }

  #seek(): void {
    this.#search = new AbortController();
    const { signal } = this.#search;
    for (let number = 0; number < TURNS_MAX; number++) this.#lock(number, { signal });
    // Locks are granted in the order of the requests, so a free lock is granted before this query is answered.
    navigator.locks.query().then(
      () => {
        if (this.#own || this.#over) return;
        this.#set(false);
        this.#takeOver();
      },
      () => undefined,
    );
  }

  #set(has: boolean): void {
    if (has === this.has) return;
    this.has = has;
    this.#changed();
  }

  #look = (): void => {
    const own = this.#own;
    if (!document.hidden) {
      own?.unmark?.();
      this.#takeOver();
    } else if (own && !own.unmark) {
      const marked = new Promise<void>((resolve) => {
        own.unmark = () => {
          own.unmark = undefined;
          resolve();
        };
      });
      const mark = (): Promise<void> => {
        this.#words.postMessage(0);
        return marked;
      };
      // Fails when a tab takes over the turn, because that tab steals the mark first.
      navigator.locks.request(this.#mark(own.number), mark).catch(() => undefined);
    }
  };

  /** Takes over the turn of a hidden tab. */
  async #takeOver(): Promise<void> {
    if (this.has || document.hidden) return;
    const { held } = await navigator.locks.query();
    const names = held?.map(({ name }) => name);
    for (let number = 0; number < TURNS_MAX; number++) {
      if (!names?.includes(this.#mark(number))) continue;
      await navigator.locks.request(this.#mark(number), { steal: true }, () => undefined);
      this.#lock(number, { steal: true });
      return;
    }
  }

  #turn(number: number): string {
    return `${this.#name} ${number}`;
  }

  #mark(number: number): string {
    return `${this.#turn(number)} hidden`;
  }
}
