import { describe, expect, it } from 'vitest';
import { Message } from '../message.js';
import { MessageBatch } from './message-batch.js';
import { counts, ServerBench, sumOf } from './test-kit/server-bench.js';

// Tests runs: a part of a `MessageBatch` that a server session sends as consecutive messages. `ServerBench` is one
// server node with a manual clock; the test plays the client.

const letters = new TextEncoder().encode('abcdefghijklmnopqrstuvwxyz');

/** A batch of messages of one letter each: a, b, c and so on. */
function messageBatchOf(count: number): MessageBatch {
  const message = (at: number): Message => new Message(false, letters, at, undefined, at, 1);
  const messageBatch = new MessageBatch(message(0));
  for (let at = 1; at < count; at += 1) messageBatch.add(message(at));
  return messageBatch;
}

/** A bench with an open session and a two-way link attached to it. */
function attached(options = {}) {
  const bench = new ServerBench(options);
  bench.open();
  return { bench, io: bench.attach() };
}

describe('a run of messages', () => {
  it('[SN-27.3] a run is numbered and written like single messages and acknowledged in any part', () => {
    const { bench, io } = attached();
    const messageBatch = messageBatchOf(6);
    bench.session.sendRun(messageBatch, 0, 3);
    bench.flush();
    bench.send('own');
    bench.session.sendRun(messageBatch, 3, 5);
    bench.session.sendRun(messageBatch, 5, 6);
    bench.flush();
    expect(io.written.slice(1)).toEqual(['a', 'b', 'c', 'own', 'd', 'e', 'f']);
    bench.record(io, { t: 'ack', ...counts({ ack: 2, received: 5, sum: sumOf('a', 'b', 'c', 'own', 'd') }) });
    expect([bench.session.done, bench.session.flow.outgoing.acked, bench.session.flow.outgoing.bufferedAmount]).toEqual(
      [null, 2, 7],
    );
    const again = bench.attach(2, { ack: 4, received: 5, sum: sumOf('a', 'b', 'c', 'own', 'd') });
    expect(again.written.slice(1)).toEqual(['e', 'f']);
  });

  it('[SN-23.2] a run is refused as a whole if not all of it would be accepted', () => {
    const { bench } = attached({ buffers: { bufferMessagesMax: 3, bufferBytesMax: 3 } });
    const { session } = bench;
    expect([session.sendRun(messageBatchOf(4), 0, 4), session.flow.outgoing.sent]).toEqual([false, 0]);
    expect([session.sendRun(messageBatchOf(4), 1, 4), session.flow.outgoing.sent]).toEqual([true, 3]);
    expect([session.sendRun(messageBatchOf(4), 0, 1), session.flow.outgoing.sent]).toEqual([false, 3]);
    const bytes = attached({ buffers: { bufferMessagesMax: 9, bufferBytesMax: 3 } }).bench.session;
    expect([bytes.sendRun(messageBatchOf(4), 0, 4), bytes.sendRun(messageBatchOf(4), 0, 3)]).toEqual([false, true]);
  });

  it('[SN-22.2] [SN-23.2] a run is written as far as the window allows, and `drain` follows for the rest', () => {
    const { bench, io } = attached({ limits: { down: { messages: 4, bytes: 65_536 } } });
    bench.session.sendRun(messageBatchOf(6), 0, 6);
    bench.flush();
    expect(io.written.slice(1)).toEqual(['a', 'b', 'c', 'd']);
    bench.record(io, { t: 'ack', ...counts({ ack: 3, received: 4, sum: sumOf('a', 'b', 'c', 'd') }) });
    expect(io.written.slice(1)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(bench.events).not.toContain('drain');
    bench.record(io, { t: 'ack', ...counts({ ack: 4, received: 4, sum: sumOf('a', 'b', 'c', 'd') }) });
    expect(bench.events).toContain('drain');
  });

  it('[SN-4.2] a run is not accepted while closing', () => {
    const { bench } = attached();
    bench.session.close();
    expect([bench.session.sendRun(messageBatchOf(1), 0, 1), bench.session.flow.outgoing.sent]).toEqual([false, 0]);
  });

  it('[SN-3] a burst leaves no queue after its acknowledgement', () => {
    const { bench, io } = attached();
    const texts = Array.from({ length: 200 }, (_, k) => `${k}`);
    bench.send(...texts);
    /** The number of messages that the session still holds. */
    const held = () => {
      const memories: unknown[] = [];
      bench.session.flow.outgoing.eachMemory((memory) => memories.push(memory));
      return memories.length;
    };
    expect(held()).toBe(200);
    bench.record(io, { t: 'ack', ...counts({ ack: 200, received: 200, sum: sumOf(...texts) }) });
    expect(held()).toBe(0);
    bench.session.sendRun(messageBatchOf(1), 0, 1);
    bench.flush();
    expect(io.written.at(-1)).toBe('a');
  });
});
