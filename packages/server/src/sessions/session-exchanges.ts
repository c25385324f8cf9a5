import { type Verdict, WireError } from '@everywire/protocol';
import {
  type AwaitedSend,
  AwaitedSends,
  type Data,
  type ExchangesIo,
  type Failure,
  isThenable,
  onAbort,
  PendingRequests,
  type ServerSession,
  type TypedItems,
} from '@everywire/protocol/internal';
import { checkRequestOptions, checkSendOptions } from '../call-options.js';
import { checkDuration } from '../check-duration.js';
import type { MessageMaker } from '../gathering/message-maker.js';
import { toData } from '../gathering/to-data.js';
import type { ServerLimits } from '../limits.js';
import { createDeadline, type TimerWheel } from '../timer-wheel.js';
import type { RequestContext, RequestOptions, SendData, SendOptions, WireSession } from '../wire-session.js';

/** The parts that the exchanges of all sessions of one server share. */
export interface ExchangesHost {
  readonly maker: MessageMaker;
  readonly wheel: TimerWheel;
  readonly limits: Pick<ServerLimits, 'requestsMax' | 'requestTimeoutMs'>;
  /** `onRequest` failed, and the client received `internal`. */
  onRequestFailed(session: WireSession, error: unknown): void;
}

/** The session of a `SessionExchanges`. */
interface ExchangesSession extends WireSession {
  readonly machine: ServerSession;
}

/**
 * Manages the promises and requests of a session: sends whose result is awaited, requests in both directions, and
 * refusals of messages. Created when a session first needs it, because most sessions need none of this.
 */
export class SessionExchanges implements ExchangesIo {
  readonly #host: ExchangesHost;
  readonly #session: ExchangesSession;
  readonly #promised: AwaitedSends = new AwaitedSends();
  readonly #exchanges: PendingRequests;
  /** Requests of the client without a reply yet. */
  readonly #replying: Set<number> = new Set();
  /** Number of requests before a hand-over. Their replies must not match new requests (SN-24). */
  readonly #askedBefore: number;
  #lastRequestId = 0;
  #context: RequestContext | null = null;
  readonly #abort: AbortController = new AbortController();

  constructor(host: ExchangesHost, session: ExchangesSession, askedBefore = 0) {
    this.#host = host;
    this.#session = session;
    this.#askedBefore = askedBefore;
    this.#exchanges = new PendingRequests(this, host.limits.requestsMax);
  }

  /** Resolves when the client's application has settled the message. */
  sendUntilSettled(data: SendData, options: SendOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      const { signal } = checkSendOptions(options);
      if (signal?.aborted) throw this.#aborted(signal);
      const result = this.#session.machine.send(this.#host.maker.make(toData(data, 'send')));
      if (result === 'full') throw this.#error({ code: 'buffer_full', unknown: false });
      if (result === 'closed') throw this.#error({ code: this.#endedCode(), unknown: false });
      // The message was forwarded and has no number on this node. Only the next node learns its outcome (SN-24).
      if (this.#session.machine.frozen) throw this.#error({ code: 'moved', unknown: true });
      const release = onAbort(signal, () => {
        this.#promised.remove(send);
        this.#want();
        reject(this.#aborted(signal));
      });
      const send = this.#await((failure) => {
        release();
        if (failure === null) resolve();
        else reject(this.#error(failure));
      });
    });
  }

  request(given: SendData, options: RequestOptions): Promise<Data> {
    return new Promise((resolve, reject) => {
      const { timeoutMs, signal } = checkRequestOptions(options);
      const waitMs = checkDuration('timeoutMs', timeoutMs ?? this.#host.limits.requestTimeoutMs);
      const { machine } = this.#session;
      const data = toData(given, 'request');
      if (signal?.aborted) throw this.#aborted(signal);
      if (!machine.features.includes('typed')) throw this.#error({ code: 'unsupported', unknown: false });
      // The session is being handed over. The reply would reach the next node, which has not sent the request (SN-24).
      if (machine.frozen) throw this.#error({ code: 'moved', unknown: false });
      let release = (): void => undefined;
      const forget = this.#exchanges.ask(data, waitMs, (outcome) => {
        release();
        if ('reply' in outcome) resolve(outcome.reply);
        else reject(this.#error(outcome));
      });
      release = onAbort(signal, () => {
        forget();
        reject(this.#aborted(signal));
      });
    });
  }

  /** Number of requests to the client, including those before a hand-over. */
  get asked(): number {
    return this.#askedBefore + this.#lastRequestId;
  }

  /** Whether a request of the client waits for its reply. */
  get isReplying(): boolean {
    return this.#replying.size > 0;
  }

  /** Answers pending requests of the client with `moved`: the session is handed over. */
  giveUpReplies(): void {
    for (const id of this.#replying) this.put(['e', id, 'moved']);
  }

  /** Handles a typed message that the policy has permitted. */
  take(items: TypedItems): void {
    const [kind, id, ...rest] = items;
    if (typeof id !== 'number') return;
    if (kind === 'q') this.#replying.add(id);
    this.#exchanges.take(kind === 'q' ? items : [kind, id - this.#askedBefore, ...rest]);
  }

  refuseRequest(items: TypedItems, code: string): void {
    this.#exchanges.refuse(items, code);
  }

  /**
   * Notifies the client that its current message was refused. The message is settled only after the client has received
   * the refusal, so that no acknowledgement precedes it (SN-32). Without room for the refusal the session ends, because
   * the message would count as handled.
   */
  refuse(number: number, code: string): Promise<void> | undefined {
    if (!this.#session.machine.features.includes('typed')) return undefined;
    const result = this.put(['x', number, code]);
    if (result === 'full') this.overflow();
    if (result !== 'ok' && result !== 'above') return undefined;
    return new Promise((resolve) => this.#await(() => resolve()));
  }

  /** Settles promises, because the acknowledgement counts of the client have risen. */
  counted(): void {
    const { peerReceived, acked } = this.#session.machine.flow.outgoing;
    this.#promised.counted(peerReceived, acked);
    this.#want();
  }

  /** Handles messages that were removed from the queue before they were written. */
  moved(removed: readonly number[]): void {
    this.#promised.moved(removed);
    this.#want();
  }

  ended(verdict: Verdict): void {
    this.#promised.ended(verdict);
    this.#exchanges.ended(verdict.code);
    this.#abort.abort();
  }

  // ---- ExchangesIo

  put(items: TypedItems): ReturnType<ExchangesIo['put']> {
    const [kind, id, ...rest] = items;
    const isRequest = kind === 'q' && typeof id === 'number';
    if (isRequest) this.#lastRequestId = id;
    else if (kind !== 'x') this.#replying.delete(id as number);
    const message = this.#host.maker.makeTyped(isRequest ? [kind, id + this.#askedBefore, ...rest] : items);
    return message === null ? 'too_big' : this.#session.machine.send(message);
  }

  answer(data: Data): Data | Promise<Data> | null {
    const { onRequest } = this.#session;
    this.#context ??= { session: this.#session, signal: this.#abort.signal };
    if (onRequest === null) return null;
    const reply = onRequest(data, this.#context);
    return isThenable(reply) ? Promise.resolve(reply).then(toReply) : toReply(reply);
  }

  failed(error: unknown): void {
    this.#host.onRequestFailed(this.#session, error);
  }

  later(ms: number, act: () => void): () => void {
    const { wheel } = this.#host;
    const deadline = createDeadline(act);
    wheel.schedule(deadline, ms);
    return () => wheel.cancel(deadline);
  }

  overflow(): void {
    this.#session.machine.fail('overflow');
  }

  /** Waits for the outcome of the message just sent. */
  #await(done: (failure: Failure | null) => void): AwaitedSend {
    const send: AwaitedSend = { number: this.#session.machine.flow.outgoing.sent, until: 'peer', done };
    this.#promised.add(send);
    this.#want();
    return send;
  }

  #want(): void {
    this.#session.machine.want(this.#promised.wanted);
  }

  #endedCode(): string {
    return this.#session.machine.done?.code ?? 'closed';
  }

  #error(failure: Failure & { readonly text?: string }): WireError {
    const { code, unknown, text, remote } = failure;
    const { transport } = this.#session;
    return new WireError(code, {
      unknown,
      transport,
      side: remote ? 'client' : 'server',
      ...(text && { message: text }),
    });
  }

  #aborted(signal: AbortSignal | undefined): WireError {
    return new WireError('aborted', {
      side: 'server',
      unknown: true,
      transport: this.#session.transport,
      cause: signal?.reason,
    });
  }
}

/** @throws NotDataError */
function toReply(reply: SendData): Data {
  return toData(reply, 'a reply');
}
