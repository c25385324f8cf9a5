import { describe, expect, it } from 'vitest';
import { messageFromText } from '../message.js';
import type { MessageSource } from './contract.js';
import { attach, ServerBench } from './test-kit/server-bench.js';

// Tests `SessionRegistry`, which holds all sessions of a server node and writes their output at the end of each tick.
// `ServerBench` is one server node with a manual clock; the test plays the client.

describe('a tick', () => {
  it('[SN-27.1] the messages of a tick are written as one run per link, in the order of the send calls over all topics', () => {
    const bench = new ServerBench();
    bench.open();
    const runs: string[][] = [];
    const io = {
      writeRecord: () => undefined,
      writeMessages: (source: MessageSource, first: number, last: number) => {
        runs.push(Array.from({ length: last - first + 1 }, (_, k) => source.messageAt(first + k).text));
      },
      end: () => undefined,
    };
    bench.registry.link('duplex', 'websocket', io).record(attach(1), [], 0);
    bench.flush();
    bench.send('room 1', 'room 2', 'room 1 again');
    expect(runs).toEqual([['room 1', 'room 2', 'room 1 again']]);
  });

  it('[SN-27.3] all sessions get the same message objects, not copies', () => {
    const bench = new ServerBench();
    bench.open('a');
    const first = bench.session;
    bench.open('b');
    const message = messageFromText('shared');
    first.send(message);
    bench.session.send(message);
    expect(first.flow.outgoing.messageAt(1)).toBe(message);
    expect(bench.session.flow.outgoing.messageAt(1)).toBe(message);
  });
});

describe('an error in one session', () => {
  it('an error in one session does not silence the others', () => {
    const bench = new ServerBench();
    bench.open('a');
    const broken = bench.registry.link('duplex', 'websocket', {
      writeRecord: () => undefined,
      writeMessages: () => {
        throw new Error('broken');
      },
      end: () => undefined,
    });
    broken.record(attach(1), [], 0);
    const first = bench.session;
    bench.open('b');
    const io = bench.attach(1, { id: 'id 2' });
    first.send(messageFromText('x'));
    bench.session.send(messageFromText('y'));
    expect(() => bench.registry.flush(0)).toThrow('broken');
    bench.flush();
    expect(io.take().at(-1)).toBe('y');
  });
});

describe('the directory', () => {
  it('the registry counts and lists open sessions', () => {
    const bench = new ServerBench();
    bench.open('a');
    bench.open('b');
    expect(bench.registry.size).toBe(2);
    bench.session.fail('revoked');
    expect(bench.registry.size).toBe(1);
    expect([...bench.registry.sessions()].map(({ id }) => id)).toEqual(['id 1']);
    expect(bench.registry.find('id 2')?.done?.code).toBe('revoked');
  });

  it('[SN-14.8] the registry forgets nonce and id together', () => {
    const bench = new ServerBench();
    bench.open('a');
    bench.session.fail('revoked');
    bench.registry.tick(60_000);
    expect(bench.registry.find('id 1')).toBeUndefined();
    expect(bench.open('a').take()).toMatchObject([{ t: 'opened', id: 'id 2' }]);
  });

  it('[SN-14.4] the registry refuses an up window that is smaller than the early window of an open', () => {
    expect(() => new ServerBench({ limits: { up: { messages: 15, bytes: 16_384 } } })).toThrow('limits.up');
    expect(() => new ServerBench({ limits: { up: { messages: 16, bytes: 16_383 } } })).toThrow('limits.up');
  });
});
