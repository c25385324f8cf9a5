import { randomInt } from 'node:crypto';
import type { HttpAnswer, RequestParts } from './http-exchange.js';
import { type Content, contentJson, type Fields, type Item, nextSum } from './item.js';
import { Mismatch } from './mismatch.js';
import { duplexTransports, TestLink } from './test-link.js';

/** How a session reaches the server; the examiner does it. */
export interface EndpointAccess {
  /** A POST whose answer has to be one record. */
  answerTo(name: string, body: unknown): Promise<Fields>;
  post(name: string, body: unknown): Promise<HttpAnswer>;
  request(parts: RequestParts): Promise<HttpAnswer>;
  /** A WebSocket past its handshake, raw TCP past its hello. */
  duplex(transport: string): Promise<TestLink>;
}

/** The limits a server announces (SN-22), as far as checks use them. */
export interface Announced {
  readonly messageBytesMax: number;
  readonly batchMessagesMax: number;
  readonly up: { readonly messages: number; readonly bytes: number };
  readonly down: { readonly messages: number; readonly bytes: number };
  readonly heartbeatMs: number;
}

/**
 * The client's end of one session, by hand: it keeps true counts, answers pings, and says nothing by itself but that. A check
 * gives fields of its own where something is to be wrong.
 */
export class HandSession {
  readonly reach: EndpointAccess;
  /** A check changes it where the server gave a new one (SN-20). */
  id: string;
  readonly nonce: string;
  readonly limits: Announced;
  instance: number = randomInt(2 ** 40);
  /** Highest attach number used; how many bodies were sent. */
  n = 0;
  bodies = 0;
  /** Messages taken of the server's; how many are acknowledged; what the server acknowledged; what was sent. */
  received = 0;
  acknowledged = 0;
  seen = 0;
  sent = 0;
  sum = 0;
  /** Checksum of what was sent. */
  sentSum = 0;
  /** Once it closes. */
  last: number | undefined;
  /** Messages taken, in order: number 1 comes first. */
  readonly got: Content[] = [];
  /** What it takes a text for: another one where a check has it damaged on the way. */
  reads: (text: string) => string = (text) => text;
  /** Whether what is taken counts as consumed at once. */
  consumes = true;
  /** The verdict, once it was heard on a link. */
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

  /** The counts block (SN-5). */
  get counts(): Fields {
    const { acknowledged: ack, received, seen, sent, sum, last, sentSum: lastSum } = this;
    return { ack, received, seen, sent, sum, ...(last === undefined ? {} : { last, lastSum }) };
  }

  /** It is hidden unless a check says otherwise: what is looked at should not be a heartbeat's doing. */
  attachRecord(fields: Fields = {}): Fields {
    this.n += 1;
    return { t: 'attach', id: this.id, n: this.n, instance: this.instance, hidden: true, ...this.counts, ...fields };
  }

  /** A body with these messages; numbered after what was sent before. */
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

  /** A two-way link, a stream or a poll with an attach; of a two-way one `attached` is not waited for. */
  async attach(transport: string, fields: Fields = {}): Promise<TestLink> {
    const record = this.attachRecord(fields);
    if (duplexTransports.includes(transport)) {
      const link = this.follow(await this.reach.duplex(transport));
      link.record(record);
      return link;
    }
    return this.follow(new TestLink(transport, await this.reach.post(transport, record)));
  }

  /** Takes what comes on a link, by its numbers. */
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
    // What came together with the head is there already.
    for (const item of link.items) onItem(item);
    link.onItem = onItem;
    return link;
  }

  /** Sends messages on a two-way link whose `from` was said. */
  send(link: TestLink, ...messages: readonly Content[]): void {
    this.#sends(messages);
    for (const message of messages) link.message(message);
  }

  /** Acknowledges all that was taken, on a two-way link. */
  acknowledge(link: TestLink): void {
    this.acknowledged = this.received;
    link.record({ t: 'ack', ...this.counts });
  }

  /** Waits until the server acknowledged so much, asking by empty posts. */
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
