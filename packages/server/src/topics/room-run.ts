import { type Message, MessageSheet, type ServerSession } from '@everywire/protocol/internal';
import type { TopicClass } from '../wire-session.js';
import type { Topic, TopicMember } from './topic.js';

interface Run {
  readonly topic: Topic;
  readonly topicClass: TopicClass;
  readonly sheet: MessageSheet;
  readonly from: number;
  readonly to: number;
}

/**
 * What was last published in this turn, to one topic, and its members have not been given yet: each gets it as one run when the
 * turn ends, or before anything else happens to one of them (SN-27).
 */
export class RoomRun {
  readonly #schedule: () => void;
  #topic: Topic | null = null;
  #class: TopicClass = 'durable';
  #except: number | undefined;
  #sheet: MessageSheet | null = null;
  #from = 0;
  /** The members that do not have it yet, while it is given out. */
  #left: Iterable<ServerSession> | null = null;

  /** @param schedule `finish` is to be called when this turn ends */
  constructor(schedule: () => void) {
    this.#schedule = schedule;
  }

  add(topic: Topic, message: Message, topicClass: TopicClass, except: number | undefined): void {
    const same = this.#topic === topic && this.#class === topicClass && this.#except === except;
    if (same && this.#left === null && this.#sheet?.add(message) === true) return;
    this.settle();
    if (this.#sheet?.add(message) !== true) this.#sheet = new MessageSheet(message);
    this.#from = this.#sheet.length - 1;
    this.#topic = topic;
    this.#class = topicClass;
    this.#except = except;
    this.#schedule();
  }

  /** Puts it into every member's queue; it leaves with the turn. */
  settle(): void {
    if (this.#topic !== null) this.#give(this.#topic, null);
  }

  /** The turn ends: puts it into every member's queue, and has it written. */
  finish(now: number): void {
    if (this.#topic !== null) this.#give(this.#topic, now);
  }

  /** What ends a session may call the application, which may come back to here: then those who are left are given it first. */
  #give(topic: Topic, now: number | null): void {
    const sheet = this.#sheet as MessageSheet;
    const from = this.#from;
    const to = sheet.length;
    const except = this.#except;
    const topicClass = this.#class;
    const errors: unknown[] = [];
    this.#left ??= topic.members.keys();
    const left = this.#left;
    for (const machine of left) {
      if (except !== undefined && topic.members.get(machine)?.serial === except) continue;
      // One session's fault must not silence the rest of them.
      try {
        if (!machine.sendRun(sheet, from, to, now)) giveEach(machine, { topic, topicClass, sheet, from, to });
      } catch (error) {
        errors.push(error);
      }
    }
    if (this.#left === left) {
      this.#left = null;
      this.#topic = null;
    }
    if (errors.length > 0) throw errors[0];
  }
}

/** As far as there is room. */
function giveEach(machine: ServerSession, { topic, topicClass, sheet, from, to }: Run): void {
  for (let at = from; at < to; at++) {
    // It may have ended by the last one.
    const session = topic.members.get(machine);
    if (session !== undefined) give(session, topic, topicClass, sheet.at(at));
  }
}

/** Never waits: a full queue is dealt with by the topic's class (SN-23). */
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
