import type { Verdict, WireError } from '@everywire/protocol';
import {
  type AwaitedSend,
  AwaitedSends,
  type Data,
  type ExchangesIo,
  type Failure,
  isThenable,
  type Message,
  messageFromBytes,
  onAbort,
  PendingRequests,
  type RequestOutcome,
  type TypedItems,
  TypedMessage,
} from '@everywire/protocol/internal';
import { callLater } from './call-later.js';
import { now } from './clock.js';
import { isBlob } from './is-blob.js';
import { REQUEST_TIMEOUT_MS, REQUESTS_MAX } from './limits.js';
import { reportFailure } from './listeners.js';
import { checkRequestOptions, checkSendOptions } from './option-names.js';
import { readBlob } from './read-blob.js';
import type { FirstStage, Sender } from './stages.js';
import { toReply } from './to-reply.js';
import { toWireError } from './to-wire-error.js';
import type { RequestOptions, SendOptions } from './wire-client.js';

/** A message that has its place in the sending order but was not passed to the session yet. */
interface Held {
  readonly bytes: number;
  /**
   * Passes the message to the session when its turn has come. Returns false if that is not possible yet. `null` while a
   * Blob is being read.
   */
  go: (() => boolean) | null;
  /** Called if the session ends first. */
  readonly end: (code: string) => void;
}

/**
 * Sends everything beyond plain `send(data)`: Blobs, awaited sends (those whose promise resolves on receipt) and
 * requests. The code of this class may be loaded only after the application has made such a call. Therefore, these
 * calls, and everything sent after them, are held until it is their turn.
 */
export class SendQueue implements ExchangesIo {
  readonly #shell: FirstStage;
  readonly #promised: AwaitedSends = new AwaitedSends();
  readonly #exchanges: PendingRequests;
  readonly #abort: AbortController = new AbortController();
  /** The held messages, in sending order. */
  readonly #queue: Held[] = [];

  constructor(shell: FirstStage) {
    this.#shell = shell;
    this.#exchanges = new PendingRequests(this, shell.options.requestsMax ?? REQUESTS_MAX);
  }

  run<T>(bytes: number, task: (queue: Sender) => T): T {
    this.#release(bytes);
    try {
      return task(this);
    } finally {
      this.#emptied();
    }
  }

  /**
   * Sends an item in its turn. `bytes`: its size. With options, returns a promise that resolves as they state, or
   * rejects with a `WireError`.
   */
  send(item: Message | Blob, bytes: number, options?: SendOptions): Promise<void> | undefined {
    if (!options) {
      this.#enter(item, bytes, () => undefined);
      return undefined;
    }
    const { until, signal } = checkSendOptions(options);
    return new Promise((resolve, reject) => {
      let send: AwaitedSend | undefined;
      const done = (failure: Failure | null): void => {
        release();
        if (failure) reject(this.#error(failure, signal));
        else resolve();
      };
      const release = onAbort(signal, () => {
        if (send) this.#promised.remove(send);
        done(aborted);
      });
      this.#enter(item, bytes, (code) => {
        if (code) done({ code, unknown: false });
        if (code || signal?.aborted) return;
        send = { number: this.#shell.session.flow.sent, until, done };
        this.#promised.add(send);
        this.#want();
      });
    });
  }

  /**
   * Sends a request to the server in its turn, and resolves with the reply. `asked`: when the application called, by
   * `now`; the timeout counts from then.
   */
  request(item: Message | Blob, bytes: number, options: RequestOptions | undefined, asked: number): Promise<Data> {
    if (isBlob(item)) return Promise.reject(new TypeError('request takes text or bytes'));
    const { timeoutMs = REQUEST_TIMEOUT_MS, signal } = checkRequestOptions(options);
    const { data } = item;
    if (!(timeoutMs >= 0)) return Promise.reject(new RangeError('timeoutMs: must be at least 0'));
    const left = (): number => Math.max(0, asked + timeoutMs - now());
    return new Promise((resolve, reject) => {
      let forget: (() => void) | undefined;
      const done = (outcome: RequestOutcome): void => {
        release();
        stopWaiting();
        if ('reply' in outcome) resolve(outcome.reply);
        else reject(this.#error(outcome, signal));
      };
      const release = onAbort(signal, () => {
        forget?.();
        done(aborted);
      });
      const go = (): boolean => {
        const { session } = this.#shell.care!;
        // Whether the server supports requests is known only after `opened`.
        if (!session.id || !session.flow.accepts(bytes)) return false;
        if (session.features.includes('typed')) forget = this.#exchanges.ask(data, left(), done);
        else done({ code: 'unsupported', unknown: false });
        // An aborted request is still sent in its turn, but its reply is ignored.
        if (signal?.aborted) forget?.();
        stopWaiting();
        return true;
      };
      const held: Held = { bytes, go, end: (code) => done({ code, unknown: false }) };
      // The timeout also applies to a request that was never sent because there was no connection.
      const stopWaiting = this.later(left(), () => {
        this.#drop(held);
        done({ code: 'timeout', unknown: false });
      });
      this.#hold(held);
    });
  }

  /**
   * Handles a typed message (a request, a reply, or the refusal of a message, which has the kind `x`). The caller may
   * acknowledge it as soon as this returns.
   */
  take({ items }: TypedMessage): void {
    const [kind, number, code] = items;
    if (kind !== 'x') this.#exchanges.take(items);
    else if (typeof number === 'number' && typeof code === 'string') this.#refused(number, code);
  }

  /** Settles awaited sends after the server's counts (the numbers of received and processed messages) have risen. */
  counted(): void {
    const { peerReceived, acked } = this.#shell.session.flow;
    this.#promised.counted(peerReceived, acked);
    this.#want();
  }

  /** Settles all sends and requests, because the session has ended. */
  ended(verdict: Verdict): void {
    this.#promised.ended(verdict);
    this.#exchanges.ended(verdict.code);
    for (const held of this.#queue.splice(0)) held.end(verdict.code);
    this.#abort.abort();
  }

  /**
   * Passes all items to the session whose turn has come. Afterwards closes the session if the application requested it
   * and no item is left.
   */
  pump(): void {
    let next = this.#queue[0];
    if (!next) return;
    try {
      for (; next?.go?.(); next = this.#queue[0]) {
        this.#queue.shift();
        this.#release(next.bytes);
      }
    } catch (error) {
      // Nothing behind an item that cannot be sent may wait for ever.
      this.failed(error);
      this.#shell.session.fail('internal');
    }
    this.#emptied();
  }

  /** Fires `drain` and closes the session, if one or both were deferred until no item is held. */
  #emptied(): void {
    const { session, socket } = this.#shell;
    if (socket.held > 0) return;
    if (socket.drainOwed && !session.flow.above) socket.fire('drain');
    socket.drainOwed = false;
    if (socket.closeRequest) this.#shell.close();
  }

  // ---- ExchangesIo

  put(items: TypedItems): ReturnType<ExchangesIo['put']> {
    const { session } = this.#shell;
    const message = new TypedMessage(items);
    return message.byteLength > session.flow.limits.messageBytesMax ? 'too_big' : session.send(message);
  }

  answer(data: Data): Data | Promise<Data> | null {
    const { onrequest } = this.#shell.socket;
    if (!onrequest) return null;
    const reply = onrequest(data, { signal: this.#abort.signal });
    return isThenable(reply) ? Promise.resolve(reply).then(toReply) : toReply(reply);
  }

  failed(error: unknown): void {
    reportFailure(error);
  }

  later(ms: number, act: () => void): () => void {
    return callLater(ms, act);
  }

  overflow(): void {
    this.#shell.session.fail('overflow');
  }

  /**
   * Adds a message in its turn. Reads a Blob first. `sent` is called when the session has taken the message, with a
   * code if it was not accepted.
   */
  #enter(item: Message | Blob, bytes: number, sent: (code?: string) => void): void {
    const held: Held = { bytes, go: null, end: sent };
    const ready = (message: Message): void => {
      held.go = () => {
        const result = this.#shell.session.send(message);
        if (result === 'full') return false;
        sent(result === 'closed' ? result : undefined);
        return true;
      };
      this.pump();
    };
    this.#hold(held);
    if (!isBlob(item)) ready(item);
    else
      readBlob(item).then(
        (buffer) => ready(messageFromBytes(new Uint8Array(buffer))),
        // An accepted message can no longer be delivered, for instance because the file is gone (SN-4).
        () => this.#shell.session.fail('unreadable'),
      );
  }

  /** Removes a held item. No-op if it was passed to the session already. */
  #drop(held: Held): void {
    const at = this.#queue.indexOf(held);
    if (at < 0) return;
    this.#queue.splice(at, 1);
    this.#release(held.bytes);
    this.pump();
    this.#emptied();
  }

  /** Releases a place in the sending order. */
  #release(bytes: number): void {
    const { socket } = this.#shell;
    socket.held -= 1;
    socket.heldBytes -= bytes;
  }

  #hold(held: Held): void {
    const { done } = this.#shell.session.flow;
    if (done) {
      held.end(done.code);
      return;
    }
    const { socket } = this.#shell;
    socket.held += 1;
    socket.heldBytes += held.bytes;
    this.#queue.push(held);
    this.pump();
  }

  /**
   * Reports a message that the server's policy refused. The session still buffers the message, because the refusal
   * arrives before its acknowledgement (SN-32). A no-op if the number is not that of a buffered message.
   */
  #refused(number: number, code: string): void {
    const { session, socket } = this.#shell;
    if (number <= session.flow.acked || number > session.flow.sent) return;
    this.#promised.refused(number, code);
    this.#want();
    socket.fire('refused', { number, code, data: session.flow.messageAt(number).data });
  }

  /** Requests from the server the counts for which awaited sends wait. */
  #want(): void {
    this.#shell.care?.session.want(this.#promised.wanted);
  }

  #error(failure: Failure, signal: AbortSignal | undefined): WireError {
    return toWireError(failure, this.#shell.socket.transport, signal);
  }
}

const aborted: Failure = { code: 'aborted', unknown: true };
