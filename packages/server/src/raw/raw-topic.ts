import { randomBytes } from 'node:crypto';
import { encodeRawReset, type Message, type RawResetReason } from '@everywire/protocol/internal';
import type { Audience } from '../topics/topic.js';
import type { TopicClass } from '../wire-session.js';
import { RawPublication } from './raw-publication.js';
import type { TopicHistory } from './topic-history.js';

/** What a topic knows of a raw link. */
export interface RawMember {
  readonly serial: number;
  /** Takes it now, or drops it, or ends: by the topic's class where too much waits already (SN-23). */
  deliver(publication: RawPublication, topicClass: TopicClass, topic: RawTopic): void;
  /** Something may be missing from here on. */
  reset(event: Uint8Array): void;
}

/**
 * The raw links of one topic. Its offset counts what they were given, the same for all of them; together with the epoch,
 * which no other life of the topic has, it makes the ids of the event stream (SN-16).
 */
export class RawTopic implements Audience {
  readonly name: string;
  readonly members: Set<RawMember> = new Set();
  readonly history: TopicHistory | null;
  /** When the last link left; what is published is kept for it for a while. */
  emptySince = 0;
  readonly #now: () => number;
  #epoch: string = createEpoch();
  #offset = 0;

  constructor(name: string, history: TopicHistory | null, now: () => number) {
    this.name = name;
    this.history = history;
    this.#now = now;
  }

  /** The id of the last event. */
  get id(): string {
    return `${this.#epoch}-${this.#offset}`;
  }

  deliver(message: Message, topicClass: TopicClass, except: number | undefined): void {
    // What is dropped without a word is nothing to come back for either, so it has no place in the count.
    const counted = topicClass !== 'ephemeral';
    if (counted) this.#offset += 1;
    const publication = new RawPublication(message, counted ? this.id : null);
    if (counted) this.history?.add(publication.event, this.#now());
    for (const member of this.members) {
      if (member.serial !== except) member.deliver(publication, topicClass, this);
    }
  }

  /** Something may be missing, nobody knows what: ids from before are worth nothing any more. */
  reset(): void {
    this.#epoch = createEpoch();
    this.#offset = 0;
    this.history?.clear();
    const event = this.resetEvent('gap');
    for (const member of this.members) member.reset(event);
  }

  resetEvent(reason: RawResetReason): Uint8Array {
    return encodeRawReset(this.name, reason, this.id);
  }

  /** What a reader gets who has all up to that id: what came after it, or one event that says why that cannot be. */
  since(lastId: string): readonly Uint8Array[] {
    const offset = this.#offsetOf(lastId);
    if (offset === null) return [this.resetEvent('unknown')];
    if (offset === this.#offset) return [];
    return this.history?.after(offset, this.#now()) ?? [this.resetEvent('gone')];
  }

  /** `null` for an id of another life of this topic, of another topic, or of nobody. */
  #offsetOf(id: string): number | null {
    const dash = id.lastIndexOf('-');
    const digits = id.slice(dash + 1);
    if (id.slice(0, dash) !== this.#epoch || !/^\d{1,15}$/.test(digits)) return null;
    const offset = Number(digits);
    return offset <= this.#offset ? offset : null;
  }
}

/** 48 random bits: the lives of one topic are few. */
function createEpoch(): string {
  return randomBytes(6).toString('base64url');
}
