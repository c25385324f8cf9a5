import { type Message, MessageBatch, type ServerSession } from '@everywire/protocol/internal';
import type { TopicClass } from '../wire-session.js';
import type { Topic, TopicMember } from './topic.js';

/** A run of messages to deliver: those at `from` to `to` (exclusive) of the batch. */
interface Run {
  readonly topic: Topic;
  readonly topicClass: TopicClass;
  readonly messageBatch: MessageBatch;
  readonly from: number;
  readonly to: number;
}

/**
 * Collects messages that are published to one topic within a tick, before they enter the queues of its members. Each
 * member gets them as one run (a sequence of consecutive messages) at the end of the tick, or earlier if any other
 * event of a member must follow them (SN-27).
 */
export class PublishBatch {
  readonly #schedule: () => void;
  #topic: Topic | null = null;
  #class: TopicClass = 'durable';
  #except: number | undefined;
  #messageBatch: MessageBatch | null = null;
  #from = 0;
  /** While the run is being delivered: the members that do not have it yet. */
  #remaining: Iterable<ServerSession> | null = null;

  /** @param schedule requests a call of `finish` at the end of this tick */
  constructor(schedule: () => void) {
    this.#schedule = schedule;
  }

  add(topic: Topic, message: Message, topicClass: TopicClass, except: number | undefined): void {
    const same = this.#topic === topic && this.#class === topicClass && this.#except === except;
    if (same && this.#remaining === null && this.#messageBatch?.add(message) === true) return;
    this.settle();
    if (this.#messageBatch?.add(message) !== true) this.#messageBatch = new MessageBatch(message);
    this.#from = this.#messageBatch.length - 1;
    this.#topic = topic;
    this.#class = topicClass;
    this.#except = except;
    this.#schedule();
  }

  /** Puts the run into the queues of all members. It is written at the end of the tick. */
  settle(): void {
    if (this.#topic !== null) this.#give(this.#topic, null);
  }

  /** Ends the tick: puts the run into the queues of all members and writes it. */
  finish(now: number): void {
    if (this.#topic !== null) this.#give(this.#topic, now);
  }

  /**
   * Delivers the run to all members. A delivery may end a session, the application may then publish, and this method is
   * called again. The nested call delivers the run to the remaining members first, so that the order is kept.
   */
  #give(topic: Topic, now: number | null): void {
    const messageBatch = this.#messageBatch as MessageBatch;
    const from = this.#from;
    const to = messageBatch.length;
    const except = this.#except;
    const topicClass = this.#class;
    const errors: unknown[] = [];
    this.#remaining ??= topic.members.keys();
    const remaining = this.#remaining;
    for (const machine of remaining) {
      if (except !== undefined && topic.members.get(machine)?.serial === except) continue;
      // An error in one session must not affect the others.
      try {
        if (!machine.sendRun(messageBatch, from, to, now))
          giveEach(machine, { topic, topicClass, messageBatch, from, to });
      } catch (error) {
        errors.push(error);
      }
    }
    if (this.#remaining === remaining) {
      this.#remaining = null;
      this.#topic = null;
    }
    if (errors.length > 0) throw errors[0];
  }
}

/** Delivers the messages of a run one by one, because the session's queue has no room for the whole run. */
function giveEach(machine: ServerSession, { topic, topicClass, messageBatch, from, to }: Run): void {
  for (let at = from; at < to; at++) {
    // The previous message may have ended the session.
    const session = topic.members.get(machine);
    if (session !== undefined) give(session, topic, topicClass, messageBatch.at(at));
  }
}

/**
 * Puts a message into the queue of a session. If the queue is full, the class of the topic decides: `durable` ends the
 * session, `hint` drops the message and reports that later, `ephemeral` drops the message (SN-23).
 */
export function give(session: TopicMember, topic: Topic, topicClass: TopicClass, message: Message): void {
  const { machine } = session;
  if (machine.send(message) !== 'full' || (machine.squeeze() && machine.send(message) !== 'full')) return;
  switch (topicClass) {
    case 'durable':
      machine.fail('overflow');
      return;
    case 'hint':
      session.dropped ??= new Set();
      session.dropped.add(topic.name);
      return;
    case 'ephemeral':
      return;
  }
}
