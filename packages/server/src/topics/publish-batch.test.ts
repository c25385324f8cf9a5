import {
  type MessageSource,
  messageFromText,
  type RegistryOptions,
  type ServerSession,
  SessionRegistry,
} from '@everywire/protocol/internal';
import { describe, expect, it } from 'vitest';
import { MessageMaker } from '../gathering/message-maker.js';
import { PublishBatch } from './publish-batch.js';
import type { Topic, TopicMember } from './topic.js';

// Tests `PublishBatch`, which collects the messages published in a tick and sends them to each member of a topic in one
// write. Each member is a session with a link.

/** A batch and its sessions. The link of each session records the texts of each write. */
class Bench {
  readonly maker = new MessageMaker(65_536);
  readonly run = new PublishBatch(() => undefined);
  readonly registry: SessionRegistry;
  readonly onEnded = new Map<number, () => void>();
  #count = 0;

  constructor(options: RegistryOptions = {}) {
    const io = {
      schedule: () => undefined,
      sooner: () => undefined,
      id: () => `id ${this.#count}`,
      catchUp: () => this.run.settle(),
    };
    this.registry = new SessionRegistry(io, options);
  }

  /** Opens a session. `writes` has the texts of each write. */
  member(): { readonly member: TopicMember; readonly writes: string[][] } {
    this.#count += 1;
    const serial = this.#count;
    const writes: string[][] = [];
    let machine: ServerSession | undefined;
    const link = this.registry.link('duplex', 'websocket', {
      writeRecord: () => undefined,
      writeMessages: (source: MessageSource, first: number, last: number) =>
        void writes.push(
          Array.from({ length: last - first + 1 }, (_, k) => source.messageAt(first + k).data as string),
        ),
      end: () => undefined,
    });
    const application = (session: ServerSession) => {
      machine = session;
      const nothing = (): void => undefined;
      const ended = (): void => this.onEnded.get(serial)?.();
      const calls = {
        begun: nothing,
        confirmed: nothing,
        deliver: nothing,
        token: nothing,
        drain: nothing,
        changed: nothing,
      };
      return { ...calls, ended, recall: () => [] };
    };
    this.registry.open(link, { t: 'open', version: 2, nonce: `${serial}` }, [], application, 0);
    const counts = { ack: 0, received: 0, seen: 0, sent: 0, sum: 0 };
    link.record({ t: 'attach', id: `id ${serial}`, n: 1, instance: 1, ...counts }, [], 0);
    return { member: { machine, serial, dropped: null } as unknown as TopicMember, writes };
  }

  /** @param except the serial of a member that does not get the message */
  publish(topic: Topic, text: string, except?: number, topicClass: 'durable' | 'hint' = 'durable'): void {
    this.run.add(topic, this.maker.make(text), topicClass, except);
  }

  /** Ends a tick. */
  turn(): void {
    this.run.finish(0);
    this.registry.flush(0);
  }
}

function topicOf(...members: TopicMember[]): Topic {
  return {
    name: 'room',
    members: new Map(members.map((member) => [member.machine, member])),
    audiences: [],
    listener: null,
    infos: null,
    watch: null,
  };
}

describe('PublishBatch', () => {
  it('[SN-27.2] PublishBatch sends the messages of a tick in one write to each member, except to the excluded one', () => {
    const bench = new Bench();
    const [first, second] = [bench.member(), bench.member()];
    const topic = topicOf(first.member, second.member);
    for (const text of ['a', 'b', 'c']) bench.publish(topic, text);
    bench.publish(topic, 'd', first.member.serial);
    bench.turn();
    expect([first.writes, second.writes]).toEqual([[['a', 'b', 'c']], [['a', 'b', 'c', 'd']]]);
  });

  it('[SN-27.1] PublishBatch keeps the order among sends, other topics and other classes', () => {
    const bench = new Bench();
    const { member, writes } = bench.member();
    const [here, there] = [topicOf(member), topicOf(member)];
    bench.publish(here, '1');
    bench.publish(here, '2');
    member.machine.send(bench.maker.make('3'));
    bench.publish(here, '4');
    bench.publish(there, '5');
    bench.publish(there, '6', undefined, 'hint');
    bench.publish(here, '7');
    bench.turn();
    expect(writes).toEqual([['1', '2', '3', '4', '5', '6', '7']]);
  });

  it('[SN-4.2] PublishBatch delivers earlier messages to a session that then closes', () => {
    const bench = new Bench();
    const { member, writes } = bench.member();
    bench.publish(topicOf(member), 'last');
    member.machine.close();
    bench.turn();
    expect([writes, member.machine.flow.outgoing.sent]).toEqual([[['last']], 1]);
  });

  it('[SN-4.1] PublishBatch counts earlier messages as sent to a session that then fails', () => {
    const bench = new Bench();
    const { member } = bench.member();
    bench.publish(topicOf(member), 'last');
    member.machine.fail('policy');
    expect(member.machine.done).toMatchObject({ sent: 1, unknown: 1 });
  });

  it('[SN-23.4] [SN-23.5] beyond the buffer a durable topic ends the session and a hint topic notes the loss', () => {
    const bench = new Bench({ buffers: { bufferMessagesMax: 2 } });
    const [durable, hint] = [bench.member(), bench.member()];
    for (const text of ['1', '2', '3']) bench.publish(topicOf(durable.member), text);
    for (const text of ['1', '2', '3']) bench.publish(topicOf(hint.member), text, undefined, 'hint');
    bench.turn();
    expect(durable.member.machine.done).toMatchObject({ code: 'overflow', sent: 2 });
    expect([hint.member.machine.done, hint.writes, hint.member.dropped]).toEqual([
      null,
      [['1', '2']],
      new Set(['room']),
    ]);
  });

  it('[SN-27.1] PublishBatch delivers to all members before calls that the application makes from inside of it', () => {
    const bench = new Bench({ buffers: { bufferMessagesMax: 3 } });
    const [full, behind] = [bench.member(), bench.member()];
    const topic = topicOf(full.member, behind.member);
    for (const text of ['x', 'y', 'z']) full.member.machine.send(messageFromText(text));
    bench.onEnded.set(full.member.serial, () => {
      behind.member.machine.send(bench.maker.make('after'));
      bench.publish(topicOf(behind.member), 'later');
    });
    bench.publish(topic, 'first');
    bench.turn();
    bench.turn();
    expect(full.member.machine.done?.code).toBe('overflow');
    expect(behind.writes.flat()).toEqual(['first', 'after', 'later']);
  });
});
