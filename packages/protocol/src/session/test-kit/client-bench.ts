import { sessionLimits } from '../../limits.js';
import { type Message, messageFromText } from '../../message.js';
import type { ClientRecord, ServerRecord } from '../../record.js';
import { WIRE_VERSION } from '../../version.js';
import type { ClientLink } from '../client-link.js';
import { ClientSession } from '../client-session.js';
import type { ClientIo, ClientLinkEnd, ClientLinkView, Transport, Verdict } from '../contract.js';
import { counts } from './server-bench.js';

/**
 * One carrier of the client (a link, or one body on it), as its shell sees it. The shell is the code that does the input
 * and output of a session; here the bench is the shell.
 */
export interface Carrier {
  readonly link: ClientLinkView;
  /** The record in the request or handshake of the carrier; `undefined` if there is none. */
  readonly head: ClientRecord | undefined;
  /** The messages in the request, as texts. */
  readonly texts: readonly string[];
  /** Records, and messages as texts, written to a two-way link since a test last cleared this list. */
  written: (ClientRecord | string)[];
  /** Why the session ended the carrier; `null` while it has not. */
  ending: ClientLinkEnd | null;
}

/** Fields of a server's record that repeat what the client sent, so that a mixed-up answer is detected (SN-41). */
type EchoField = 'n' | 'instance' | 'nonce' | 'version';
type WithoutEcho<T> = T extends unknown ? Omit<T, EchoField> : never;
/** A record that a test sends as the server. The bench adds the echo fields that the test leaves out. */
export type ServerRecordInput = WithoutEcho<ServerRecord> & { readonly [name in EchoField]?: number | string };

/** A two-way transport. */
export const duplex: Transport = { name: 'websocket', kind: 'duplex' };
/** A transport that streams down. */
export const stream: Transport = { name: 'event-stream', kind: 'stream' };
/** A transport of held polls. */
export const poll: Transport = { name: 'long-poll', kind: 'poll' };
/** A transport of polls that are not held, with a pause of 2 s. */
export const shortPoll: Transport = { name: 'short-poll', kind: 'poll' };
/** A transport of polls whose bodies are sent by a form. */
export const blindPoll: Transport = { name: 'jsonp-poll', kind: 'poll', blind: true };
/** A transport that streams down and whose bodies are sent by a form. */
export const blindStream: Transport = { name: 'iframe-stream', kind: 'stream', blind: true };

/**
 * One client session with a manual clock, without a network. A test plays the server and the network: it opens and ends
 * carriers, sends records and messages on them, and advances the time.
 */
export class ClientBench {
  /** The time in milliseconds. */
  now = 0;
  /** The transport of the next link. */
  transport: Transport = duplex;
  readonly session: ClientSession;
  /** All carriers, also ended ones, in the order in which they were connected. */
  readonly carriers: Carrier[] = [];
  /** The texts of all messages delivered to the application. */
  readonly delivered: string[] = [];
  /** Delivered messages that the application has not handled yet. `settle` handles them. */
  readonly queue: Message[] = [];
  /** Other calls of the session to its shell, such as `attached websocket` or `failed event-stream proven`. */
  readonly events: string[] = [];
  /** How the session ended; `undefined` before. */
  verdict: Verdict | undefined;
  /** The token that the session sends when it opens; `undefined` for none. */
  token: string | undefined;
  /** The value of every random number, for jitter. With 1, every pause with jitter has its full length. */
  random = 1;
  #nonces = 0;
  #scheduled = false;

  /** @param byRequests whether HTTP requests are allowed, or only two-way links */
  constructor(transport: Transport = duplex, byRequests = true) {
    this.transport = transport;
    this.session = new ClientSession(this.#io(), { instance: 1 });
    if (byRequests) this.session.manager.requests.allow();
  }

  /** The carrier connected last. */
  get last(): Carrier {
    const carrier = this.carriers.at(-1);
    if (!carrier) throw new Error('no carrier');
    return carrier;
  }

  /** Creates a session attached by `transport`, of which the server has received nothing, with a round trip of 10 ms. */
  static attached(transport: Transport = duplex, byRequests = true): ClientBench {
    const bench = new ClientBench(transport, byRequests);
    bench.session.start(bench.now);
    if (transport.kind !== 'duplex') bench.now += 10;
    else {
      // One round trip for the connection and one for the handshake.
      bench.now += 20;
      bench.opened(bench.last);
    }
    bench.record(bench.last, { t: 'opened', id: 'id 1', received: 0, limits: sessionLimits });
    if (transport.kind !== 'duplex') bench.now += 10;
    bench.record(bench.last, { t: 'attached', first: 1, ...counts() });
    for (const carrier of bench.carriers) carrier.written = [];
    if (transport.kind === 'poll') bench.ended(bench.last, true);
    return bench;
  }

  /** Reports that a carrier opened. @param headed whether the server accepted the record of the handshake (SN-40) */
  opened(carrier: Carrier, headed: boolean = carrier.head !== undefined): void {
    this.session.linkOpened(carrier.link, this.now, headed);
    this.turn();
  }

  /** Sends a record as the server. */
  record(carrier: Carrier, record: ServerRecordInput): void {
    this.session.record(carrier.link, { ...this.#echo(carrier, record), ...record } as ServerRecord, this.now);
    this.turn();
  }

  /** Returns the echo fields that a correct server adds to a record of this type. */
  #echo(carrier: Carrier, { t }: ServerRecordInput): { readonly [name in EchoField]?: number | string } {
    const { instance } = this.session;
    const nonce = `nonce ${this.#nonces}`;
    if (t === 'opened') return { nonce, version: WIRE_VERSION };
    if (t === 'attached' || t === 'answer') return { n: (carrier.link as ClientLink).n || 1, instance };
    return ['superseded', 'closed', 'refused', 'rotate'].includes(t) ? { instance } : {};
  }

  /** Sends a message as the server. */
  message(carrier: Carrier, text: string): void {
    this.session.message(carrier.link, messageFromText(text), this.now);
    this.turn();
  }

  /**
   * Ends a carrier as the network or the server does.
   *
   * @param whole whether it ended regularly, such as a complete response
   * @param tooLarge whether it was refused because of its size (413)
   */
  ended(carrier: Carrier, whole: boolean, tooLarge = false): void {
    this.session.linkEnded(carrier.link, whole, this.now, tooLarge);
    this.turn();
  }

  /** Sends messages of the application, all in one tick. */
  send(...texts: string[]): void {
    for (const text of texts) this.session.send(messageFromText(text));
    this.turn();
  }

  /** Lets the application finish the handling of the first messages of the queue, by default of all. */
  settle(count: number = this.queue.length): void {
    for (const message of this.queue.splice(0, count)) this.session.consumed(message);
    this.turn();
  }

  /** Ends a tick of the event loop: flushes the session if it requested that. */
  turn(): void {
    if (!this.#scheduled) return;
    this.#scheduled = false;
    this.session.flush(this.now);
  }

  /** Advances the time and calls the session's timer whenever it is due. */
  pass(milliseconds: number): void {
    const until = this.now + milliseconds;
    while (this.session.manager.nextTickAt <= until) {
      this.now = Math.max(this.now, this.session.manager.nextTickAt);
      this.session.tick(this.now);
      this.turn();
    }
    this.now = until;
  }

  #io(): ClientIo {
    const { events } = this;
    return {
      choose: () => this.transport,
      connect: (link, head, messages) => {
        this.carriers.push({ link, head, texts: messages.map(({ text }) => text), written: [], ending: null });
      },
      writeRecord: (link, record) => this.#of(link).written.push(record),
      writeMessages: (link, source, first, last) => {
        for (let number = first; number <= last; number += 1)
          this.#of(link).written.push(source.messageAt(number).text);
      },
      end: (link, reason) => {
        this.#of(link).ending = reason;
      },
      deliver: (message) => {
        this.delivered.push(message.text);
        this.queue.push(message);
      },
      ended: (verdict) => {
        this.verdict = verdict;
      },
      drain: () => events.push('drain'),
      changed: () => {
        const { attached, current } = this.session.manager.links;
        events.push(`${attached ? 'attached' : 'lost'} ${current?.transport?.name}`);
      },
      everyMs: (transport) => (transport === shortPoll ? 2_000 : 0),
      proven: (transport) => events.push(`proven ${transport.name}`),
      failed: ({ name }, proven, reason) => {
        events.push(`failed ${name}${proven ? ' proven' : ''}${reason ? ` ${reason}` : ''}`);
      },
      reset: (topic) => events.push(`reset ${topic}`),
      schedule: () => {
        this.#scheduled = true;
      },
      timer: () => undefined,
      random: () => this.random,
      nonce: () => {
        this.#nonces += 1;
        return `nonce ${this.#nonces}`;
      },
      token: () => this.token,
      renew: () => events.push('renew'),
    };
  }

  #of(link: ClientLinkView): Carrier {
    return this.carriers.find((carrier) => carrier.link === link) as Carrier;
  }
}
