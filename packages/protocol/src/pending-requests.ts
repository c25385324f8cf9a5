import { isThenable } from './application.js';
import type { Failure } from './session/awaited-sends.js';
import { fromItem, type TypedItem, type TypedItems, toItem } from './typed-message.js';

/** Data of an application. Text stays text, binary stays binary. */
export type Data = string | Uint8Array;

/** Operations of one session end that its requests use. */
export interface ExchangesIo {
  /** Queues a typed message. `too_big`: it exceeds the message size limit. */
  put(items: TypedItems): 'ok' | 'above' | 'full' | 'closed' | 'too_big';
  /** Returns the application's answer to a request, or `null` if it has no handler. May throw. */
  answer(data: Data): Data | Promise<Data> | null;
  /** Reports a failure of `answer` without a code of its own. The peer received only `internal`. */
  failed?(error: unknown): void;
  /** Calls `act` once after `ms` milliseconds. @returns a function that cancels the call */
  later(ms: number, act: () => void): () => void;
  /** Reports that a reply did not fit into the buffer, because the peer sends requests and does not read (SN-3). */
  overflow(): void;
}

/** Outcome of a request: a reply, or the reason why there is none. */
export type ExchangeOutcome = { readonly reply: Data } | (Failure & { readonly text?: string });

/** A request to the peer that has no outcome yet. */
interface Asked {
  readonly done: (outcome: ExchangeOutcome) => void;
  /** Removes the request and its timer. */
  readonly forget: () => void;
}

/** Form of an error code that may be sent to the peer. Excludes system codes such as ENOENT. */
const CODE = /^[a-z][a-z0-9_]{0,63}$/;
/** Maximum length in UTF-16 units of the text sent with a failure. */
const TEXT_MAX = 200;

/**
 * Sends and answers the requests of one session, in both directions (SN-31). Requests and replies are numbered
 * messages, so each arrives exactly once and in order. A reply waits only for its own handler and never overtakes
 * queued messages.
 */
export class PendingRequests {
  readonly #io: ExchangesIo;
  readonly #max: number;
  /** Requests to the peer that have no outcome yet, by id. */
  readonly #asked: Map<number, Asked> = new Map();
  /** Id of the last request to the peer. */
  #id = 0;
  /** Number of the peer's requests whose handlers have not settled. */
  #answering = 0;

  /** @param max maximum requests in flight at a time, in each direction */
  constructor(io: ExchangesIo, max: number) {
    this.#io = io;
    this.#max = max;
  }

  /**
   * Sends a request to the peer. Calls `done` once, possibly before this method returns.
   *
   * @returns a function that abandons the request. The peer may still handle it, but its reply is dropped, and `done` is
   *   not called
   */
  ask(data: Data, timeoutMs: number, done: (outcome: ExchangeOutcome) => void): () => void {
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

  /**
   * Handles a received typed message: a request (`q`), a reply (`r`) or a failure (`e`). Ignores unknown kinds, and
   * replies that no request waits for.
   */
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

  /** Answers a request that the application does not allow with `code`. */
  refuse(items: TypedItems, code: string): void {
    if (typeof items[1] === 'number') this.#reply(['e', items[1], code]);
  }

  /** Rejects all pending requests with `code`, because the session has ended. */
  ended(code: string): void {
    for (const id of [...this.#asked.keys()]) this.#settle(id, { code, unknown: true });
  }

  #settle(id: number, outcome: ExchangeOutcome): void {
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
    if (!isThenable(answer)) {
      this.#reply(['r', id, toItem(answer)]);
      return;
    }
    this.#answering += 1;
    answer.then(
      (reply) => this.#answered(['r', id, toItem(reply)]),
      (error: unknown) => this.#answered(this.#failure(id, error)),
    );
  }

  /**
   * Encodes an error as its code and the text of a `WireError`. Reports an error without a code here and sends
   * `internal`.
   */
  #failure(id: number, error: unknown): TypedItems {
    const coded = codeOf(error);
    if (coded === null) this.#io.failed?.(error);
    return ['e', id, ...(coded ?? ['internal'])];
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

/** Returns the code of an error and the text of a `WireError`; `null` if it has no code, or cannot be read. */
function codeOf(error: unknown): readonly TypedItem[] | null {
  try {
    const { code, name, message } = error as { code?: unknown; name?: unknown; message?: unknown };
    if (typeof code !== 'string' || !CODE.test(code)) return null;
    const hasText = name === 'WireError' && typeof message === 'string' && message !== code;
    return hasText ? [code, toItem(message.slice(0, TEXT_MAX))] : [code];
  } catch {
    return null;
  }
}

/** Returns the data of a request, or `null` if this typed message is not a request. */
export function requestIn([kind, , data]: TypedItems): Data | null {
  return kind === 'q' ? fromItem(data) : null;
}
