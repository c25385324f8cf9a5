import { randomBytes } from 'node:crypto';
import { encodeRawReset, type Message, type RawResetReason } from '@everywire/protocol/internal';
import type { TopicAudience } from '../topics/topic.js';
import type { TopicClass } from '../wire-session.js';
import { RawPublication } from './raw-publication.js';
import type { TopicHistory } from './topic-history.js';

/** The part of a raw link that a topic uses. */
export interface RawMember {
  readonly serial: number;
  /** Sends the publication. If too many bytes wait, drops it or ends the link, depending on the topic's class (SN-23). */
  deliver(publication: RawPublication, topicClass: TopicClass, topic: RawTopic): void;
  /** Reports to the client that messages may be missing at this point. */
  reset(event: Uint8Array): void;
}

/**
 * The raw links of one topic. The offset of the topic counts the messages that were delivered to its raw links. The
 * epoch is a random text for each lifetime of the topic. Both together form the ids of events (SN-16).
 */
export class RawTopic implements TopicAudience {
  readonly name: string;
  readonly members: Set<RawMember> = new Set();
  readonly history: TopicHistory | null;
  /** The time when the last link left. The history is kept for a while after that. */
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
    // Ephemeral messages are never repeated, so they are not counted.
    const counted = topicClass !== 'ephemeral';
    if (counted) this.#offset += 1;
    const publication = new RawPublication(message, counted ? this.id : null);
    if (counted) this.history?.add(publication.event, this.#now());
    for (const member of this.members) {
      if (member.serial !== except) member.deliver(publication, topicClass, this);
    }
  }

  /**
   * Starts a new epoch. Needed when an unknown number of messages may be missing, because earlier ids are then useless.
   */
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

  /** Returns the events after that id, or one event with the reason why they are not available. */
  since(lastId: string): readonly Uint8Array[] {
    const offset = this.#offsetOf(lastId);
    if (offset === null) return [this.resetEvent('unknown')];
    if (offset === this.#offset) return [];
    return this.history?.after(offset, this.#now()) ?? [this.resetEvent('gone')];
  }

  /** Returns `null` for an id of another lifetime or of another topic, or an invalid one. */
  #offsetOf(id: string): number | null {
    const dash = id.lastIndexOf('-');
    const digits = id.slice(dash + 1);
    if (id.slice(0, dash) !== this.#epoch || !/^\d{1,15}$/.test(digits)) return null;
    const offset = Number(digits);
    return offset <= this.#offset ? offset : null;
  }
}

/** Returns 48 random bits, which suffice because one topic has few lifetimes. */
function createEpoch(): string {
  return randomBytes(6).toString('base64url');
}
