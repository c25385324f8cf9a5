import { randomInt } from 'node:crypto';
import type { HttpAnswer, RequestParts } from './http-exchange.js';
import { type Content, contentJson, type Fields, type Item, nextSum } from './item.js';
import { Mismatch } from './mismatch.js';
import { duplexTransports, TestLink } from './test-link.js';

/** The access of a session to the server. `Examiner` implements it. */
export interface EndpointAccess {
  /** Posts a body and returns the one record of the answer. */
  answerTo(name: string, body: unknown): Promise<Fields>;
  post(name: string, body: unknown): Promise<HttpAnswer>;
  request(parts: RequestParts): Promise<HttpAnswer>;
  /** Opens a WebSocket and completes its handshake, or raw TCP and its hello. */
  duplex(transport: string): Promise<TestLink>;
}

/** The announced limits (SN-22) that checks use. */
export interface Announced {
  readonly messageBytesMax: number;
  readonly batchMessagesMax: number;
  readonly up: { readonly messages: number; readonly bytes: number };
  readonly down: { readonly messages: number; readonly bytes: number };
  readonly heartbeatMs: number;
}

/**
 * The client's end of one session, driven by a check. It keeps correct counts and answers pings, and sends nothing else
 * unprompted. A check passes its own fields to send something wrong.
 */
export class HandSession {
  readonly reach: EndpointAccess;
  /** A check replaces it when the server assigns a new id (SN-20). */
  id: string;
  readonly nonce: string;
  readonly limits: Announced;
  instance: number = randomInt(2 ** 40);
  /** The highest attach number used, and the number of bodies sent. */
  n = 0;
  bodies = 0;
  /** Numbers of messages: received, acknowledged by us, acknowledged by the server, sent. */
  received = 0;
  acknowledged = 0;
  seen = 0;
  sent = 0;
  sum = 0;
  /** Checksum of the sent messages. */
  sentSum = 0;
  /** Number of the last message, once the session closes. */
  last: number | undefined;
  /** Received messages in order, from number 1. */
  readonly got: Content[] = [];
  /** Maps a received text, so that a check can simulate damage in transit. */
  reads: (text: string) => string = (text) => text;
  /** Whether received messages are acknowledged immediately. */
  consumes = true;
  /** The verdict, once it has arrived on a link. */
  closed: Fields | null = null;
  /** Whether pings are answered. */
  answers = true;

  constructor(reach: EndpointAccess, opened: Fields, nonce: string) {
    if (opened['t'] !== 'opened' || typeof opened['id'] !== 'string')
      throw new Mismatch('the answer to open', 'opened', opened);
    this.reach = reach;
    this.id = opened['id'];
    this.nonce = nonce;
    this.limits = opened['limits'] as Announced;
  }

  /** Returns the counts block (SN-5). */
  get counts(): Fields {
    const { acknowledged: ack, received, seen, sent, sum, last, sentSum: lastSum } = this;
    return { ack, received, seen, sent, sum, ...(last === undefined ? {} : { last, lastSum }) };
  }

  /** Returns an attach with the next number, hidden by default, so that no heartbeat interferes with a check. */
  attachRecord(fields: Fields = {}): Fields {
    this.n += 1;
    return { t: 'attach', id: this.id, n: this.n, instance: this.instance, hidden: true, ...this.counts, ...fields };
  }

  /** Returns a body with these messages, numbered after the previous ones. */
  bodyRecord(messages: readonly Content[] = [], fields: Fields = {}): Fields {
    const first = this.sent + 1;
    this.#sends(messages);
    const m = messages.length === 0 ? {} : { m: messages.map(contentJson) };
    this.bodies += 1;
    const named = { t: 'body', id: this.id, n: this.bodies, instance: this.instance };
    return { ...named, first, count: messages.length, ...this.counts, ...m, ...fields };
  }

  /** Posts messages up. @returns the record of the answer */
  async up(messages: readonly Content[] = [], fields: Fields = {}): Promise<Fields> {
    const record = await this.reach.answerTo('up', this.bodyRecord(messages, fields));
    if (record['t'] === 'answer') this.#learn(record);
    return record;
  }

  /** Opens a link and attaches the session. Does not wait for `attached` on a two-way link. */
  async attach(transport: string, fields: Fields = {}): Promise<TestLink> {
    const record = this.attachRecord(fields);
    if (duplexTransports.includes(transport)) {
      const link = this.follow(await this.reach.duplex(transport));
      link.record(record);
      return link;
    }
    return this.follow(new TestLink(transport, await this.reach.post(transport, record)));
  }

  /** Receives the items of a link, and counts its messages. */
  follow(link: TestLink): TestLink {
    let next = 0;
    const onItem = (item: Item): void => {
      if (item.kind === 'message') {
        this.#take(next, item.content);
        next += 1;
      } else if (item.kind === 'record') {
        if (item.record['t'] === 'attached') next = Number(item.record['first']);
        this.#onRecord(link, item.record);
      }
    };
    // Items that arrived with the head are already there.
    for (const item of link.items) onItem(item);
    link.onItem = onItem;
    return link;
  }

  /** Sends messages on a two-way link after its `from`. */
  send(link: TestLink, ...messages: readonly Content[]): void {
    this.#sends(messages);
    for (const message of messages) link.message(message);
  }

  /** Acknowledges all received messages, on a two-way link. */
  acknowledge(link: TestLink): void {
    this.acknowledged = this.received;
    link.record({ t: 'ack', ...this.counts });
  }

  /** Sends empty posts until the server has acknowledged `count` messages. */
  async untilAcknowledged(count: number): Promise<void> {
    while (this.seen < count) {
      await this.up();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  #sends(messages: readonly Content[]): void {
    this.sent += messages.length;
    for (const message of messages) this.sentSum = nextSum(this.sentSum, message);
  }

  #take(number: number, content: Content): void {
    if (number !== this.received + 1) return;
    this.received = number;
    if (this.consumes) this.acknowledged = number;
    const read = typeof content === 'string' ? this.reads(content) : content;
    this.sum = nextSum(this.sum, read);
    this.got.push(read);
  }

  #onRecord(link: TestLink, record: Fields): void {
    if ('ack' in record && record['t'] !== 'closed') this.#learn(record);
    if (record['t'] === 'closed') this.closed = record;
    if (record['t'] !== 'ping' || !this.answers) return;
    if (link.duplex) link.record({ t: 'pong', at: link.at, ...this.counts });
    else this.up().catch(() => undefined);
  }

  #learn(record: Fields): void {
    this.seen = Math.max(this.seen, Number(record['ack']));
  }
}
