import type { Answers, Command, CommandAnswer, Query, ServerEvent } from '@everywire/chat';
import type { WireClient } from '@everywire/client';
import { ChatFailure } from './chat-failure.js';

type Asked = Command | Query;

interface Pending {
  readonly settle: (answer: CommandAnswer) => void;
  readonly fail: (failure: ChatFailure) => void;
}

/** Callbacks of a channel. */
export interface RequestChannelEvents {
  /**
   * A new session is open. The receiver must send its watches again, because the server knew them only in the previous
   * session.
   */
  opened(): void;
  event(event: ServerEvent): void;
  /** The server dropped hints, because this client read them too slowly (SN-23). */
  dropped(): void;
  /** The session ended for good, with the verdict's `code`. Unanswered requests have failed with `interrupted`. */
  ended(code: string): void;
}

/**
 * Sends requests over one session and receives their answers, in any order. While no connection is up, requests wait in
 * the session, which reconnects by itself. A request is therefore interrupted only if its session ends.
 */
export class RequestChannel {
  readonly #wire: WireClient;
  readonly #pending = new Map<number, Pending>();
  /** The number of the next request. The answer contains the same number. */
  #next = 1;
  #open = false;

  constructor(wire: WireClient, events: RequestChannelEvents) {
    this.#wire = wire;
    wire.onopen = () => {
      this.#open = true;
      events.opened();
    };
    wire.onmessage = (message) => {
      const received = JSON.parse(message.data as string) as CommandAnswer | ServerEvent;
      if ('event' in received) events.event(received);
      else this.#settle(received);
    };
    wire.addEventListener('reset', () => events.dropped());
    wire.onclose = (event) => {
      this.#open = false;
      for (const { fail } of this.#pending.values()) fail(new ChatFailure('interrupted', true));
      this.#pending.clear();
      events.ended(event.reason);
    };
  }

  get wire(): WireClient {
    return this.#wire;
  }

  /**
   * Sends a request. @throws ChatFailure the server's refusal; `interrupted` if the session ends first; `busy` if too
   * much is unanswered.
   */
  ask<Name extends Asked['command']>(asked: Extract<Asked, { readonly command: Name }>): Promise<Answers[Name]> {
    if (!this.#open) return Promise.reject(new ChatFailure('interrupted', true));
    const i = this.#next++;
    return new Promise((resolve, reject) => {
      const settle = (answer: CommandAnswer): void => {
        if ('error' in answer) reject(new ChatFailure(answer.error.code, answer.error.retryable));
        else resolve(answer.ok as Answers[Name]);
      };
      try {
        this.#wire.send(JSON.stringify({ i, ...asked }, wholeCharacters));
        this.#pending.set(i, { settle, fail: reject });
      } catch {
        reject(new ChatFailure('busy', true));
      }
    });
  }

  #settle(answer: CommandAnswer): void {
    const pending = this.#pending.get(answer.i);
    this.#pending.delete(answer.i);
    pending?.settle(answer);
  }
}

/**
 * Replaces lone surrogates (halves of a character, left by programs that cut an emoji in two) by U+FFFD, because the
 * server would refuse them on every retry. A replacer function for `JSON.stringify`.
 */
function wholeCharacters(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/\p{Surrogate}/gu, '\ufffd') : value;
}
