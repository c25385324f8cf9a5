/** How many of a browser's six HTTP/1.1 connections to a host tabs may hold. The others are for loading and sending. */
const TURNS_MAX = 4;

interface Own {
  readonly number: number;
  readonly give: () => void;
  /** Removes the mark. */
  unmark?: (() => void) | undefined;
}

/**
 * Decides whether a tab may hold a request open without a WebSocket. Only a few may at a time, visible ones first. A turn is a
 * Web Lock, held while the tab lives, or until it is hidden and another tab wants it. A hidden tab marks its turn by a second
 * lock.
 */
export class RequestSlot {
  /** Whether the tab has a turn. True until the locks say otherwise, and if the platform refuses locks. */
  has = true;
  readonly #name: string;
  readonly #changed: () => void;
  readonly #words: BroadcastChannel;
  #own: Own | undefined;
  #search: AbortController | undefined;
  #over = false;

  /** @param name the same for all tabs with the same connections @param changed called when `has` changed */
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
      // Another lock was granted first.
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
    // Locks are granted in order of request, so a free one was granted before this query is answered.
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
      // A tab that takes over the turn takes the mark first.
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
