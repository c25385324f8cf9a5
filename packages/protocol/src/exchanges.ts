import type { Failure } from './session/promised-sends.js';
import { fromItem, type TypedItem, type TypedItems, toItem } from './typed-message.js';

/** What an application sends: text stays text, binary stays binary. */
export type Data = string | Uint8Array;

/** What one end of a session does for its requests. */
export interface ExchangesIo {
  /** Puts a typed message into the session's queue. `too_big`: longer than messages may be. */
  put(items: TypedItems): 'ok' | 'above' | 'full' | 'closed' | 'too_big';
  /** The application's answer to a request; `null` where it has no handler. May throw. */
  answer(data: Data): Data | Promise<Data> | null;
  /** `answer` failed with what is nobody's business but this end's: the other end was told `internal`. */
  failed?(error: unknown): void;
  /** Calls back once, later. @returns takes the wish back. */
  later(ms: number, act: () => void): () => void;
  /** A reply found no room: a peer that asks and does not read (SN-3). */
  overflow(): void;
}

/** What became of a request: a reply, or why there is none. */
export type Outcome = { readonly reply: Data } | (Failure & { readonly text?: string });

interface Asked {
  readonly done: (outcome: Outcome) => void;
  readonly forget: () => void;
}

/** A code as it may travel: that of an error of the application's, and no system's such as ENOENT. */
const CODE = /^[a-z][a-z0-9_]{0,63}$/;
/** Longest text, in characters, that travels with a failure. */
const TEXT_MAX = 200;

/**
 * The requests of one session, both ways (SN-31). Requests and replies are numbered messages, so they come exactly once and
 * in order; a reply overtakes nothing and waits for nothing but its handler.
 */
export class Exchanges {
  readonly #io: ExchangesIo;
  readonly #max: number;
  readonly #asked: Map<number, Asked> = new Map();
  #id = 0;
  #answering = 0;

  /** @param max requests under way at once, each way */
  constructor(io: ExchangesIo, max: number) {
    this.#io = io;
    this.#max = max;
  }

  /**
   * Asks the other end. `done` is called once, later or at once.
   *
   * @returns forgets it: the request goes on, its reply is dropped
   */
  ask(data: Data, timeoutMs: number, done: (outcome: Outcome) => void): () => void {
    const id = this.#id + 1;
    const code = this.#asked.size >= this.#max ? 'too_many_requests' : this.#send(['q', id, toItem(data)]);
    if (code !== null) {
      done({ code, unknown: false });
      return () => undefined;
    }
    this.#id = id;
    const stop = this.#io.later(timeoutMs, () => this.#settle(id, { code: 'timeout', unknown: true }));
    const forget = (): void => {
      stop();
      this.#asked.delete(id);
    };
    this.#asked.set(id, { done, forget });
    return forget;
  }

  /** A typed message came. What is of no kind known here, or no longer waited for, is passed over. */
  take([kind, id, first, text]: TypedItems): void {
    if (typeof id !== 'number') return;
    if (kind === 'q') this.#onRequest(id, first);
    const data = fromItem(first);
    if (data === null) return;
    if (kind === 'r') this.#settle(id, { reply: data });
    if (kind !== 'e' || typeof data !== 'string') return;
    this.#settle(id, {
      code: data,
      unknown: false,
      remote: true,
      ...(typeof text === 'string' ? { text } : undefined),
    });
  }

  /** The application does not let this request through. */
  refuse(items: TypedItems, code: string): void {
    if (typeof items[1] === 'number') this.#reply(['e', items[1], code]);
  }

  /** The session has: nothing comes any more. */
  ended(code: string): void {
    for (const id of [...this.#asked.keys()]) this.#settle(id, { code, unknown: true });
  }

  #settle(id: number, outcome: Outcome): void {
    const asked = this.#asked.get(id);
    asked?.forget();
    asked?.done(outcome);
  }

  #onRequest(id: number, item: TypedItem | undefined): void {
    const data = fromItem(item);
    if (data === null) this.#reply(['e', id, 'malformed']);
    else if (this.#answering >= this.#max) this.#reply(['e', id, 'too_many_requests']);
    else this.#answer(id, data);
  }

  #answer(id: number, data: Data): void {
    let answer: Data | Promise<Data> | null;
    try {
      answer = this.#io.answer(data);
    } catch (error) {
      this.#reply(this.#failure(id, error));
      return;
    }
    if (answer === null) {
      this.#reply(['e', id, 'no_handler']);
      return;
    }
    if (!(answer instanceof Promise)) {
      this.#reply(['r', id, toItem(answer)]);
      return;
    }
    this.#answering += 1;
    answer.then(
      (reply) => this.#answered(['r', id, toItem(reply)]),
      (error: unknown) => this.#answered(this.#failure(id, error)),
    );
  }

  /** The code of an error that has one, and of a `WireError` its text; anything else is nobody's business but this end's. */
  #failure(id: number, error: unknown): TypedItems {
    const { code, name, message } = (error ?? {}) as { code?: unknown; name?: unknown; message?: unknown };
    if (typeof code !== 'string' || !CODE.test(code)) {
      this.#io.failed?.(error);
      return ['e', id, 'internal'];
    }
    const tells = name === 'WireError' && typeof message === 'string' && message !== code;
    return tells ? ['e', id, code, toItem(message.slice(0, TEXT_MAX))] : ['e', id, code];
  }

  #answered(items: TypedItems): void {
    this.#answering -= 1;
    this.#reply(items);
  }

  #reply(items: TypedItems): void {
    const code = this.#send(items);
    if (code === 'message_too_big') this.#reply(['e', items[1] as TypedItem, 'reply_too_big']);
    else if (code === 'buffer_full') this.#io.overflow();
  }

  #send(items: TypedItems): string | null {
    const result = this.#io.put(items);
    if (result === 'ok' || result === 'above') return null;
    return { full: 'buffer_full', closed: 'closed', too_big: 'message_too_big' }[result];
  }
}

/** What a typed message asks, if it is a request. */
export function requestIn([kind, , data]: TypedItems): Data | null {
  return kind === 'q' ? fromItem(data) : null;
}
