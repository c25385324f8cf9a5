import { describe, expect, it } from 'vitest';
import type { Counts } from '../counts.js';
import { sessionLimits } from '../limits.js';
import { type Message, messageFromText } from '../message.js';
import { ClientState } from './client-state.js';
import { counts, sumOf } from './test-kit/server-bench.js';

// Tests `ClientState`, the counts and buffer of a client session: messages that it has sent, and messages that it has
// read.

/** A window that no test fills. */
const wide = { messages: 1000, bytes: 1_000_000 };
/** The texts '1', '2', and so on. */
const numbers = (count: number): string[] => Array.from({ length: count }, (_, k) => `${k + 1}`);

/** The state of an open session that writes its messages as far as the window allows. */
class Bench {
  readonly state = new ClientState({ bufferMessagesMax: 4096, bufferBytesMax: 1_000_000 });

  constructor(up = wide, down = wide) {
    this.state.opened({ ...sessionLimits, up, down }, 0);
  }

  send(message: Message): ReturnType<ClientState['send']> {
    const result = this.state.send(message);
    this.state.wrote(this.state.allowed);
    return result;
  }

  sendAll(texts: readonly string[]): void {
    for (const text of texts) this.send(messageFromText(text));
  }

  /** Takes these texts as the messages from `first` on. */
  take(first: number, ...texts: string[]): readonly string[] {
    const cursor = { in: first };
    return texts.map((text) => this.state.take(cursor, messageFromText(text)));
  }

  /** Applies counts that the server stated. */
  learn(some: Partial<Counts>): ReturnType<ClientState['learn']> {
    return this.state.learn(counts(some));
  }
}

describe('the buffer of a client', () => {
  it('[SN-1] [SN-5.13] the buffer of a client keeps order and checksums whatever is acknowledged', () => {
    const bench = new Bench();
    const { state } = bench;
    const texts = numbers(700);
    for (let acked = 0; state.sent < texts.length; ) {
      const step = 1 + (state.sent % 97);
      bench.sendAll(texts.slice(state.sent, state.sent + step));
      for (let number = acked + 1; number <= state.sent; number += 1)
        expect(state.messageAt(number).text).toBe(texts[number - 1]);
      acked = Math.max(acked, state.sent - 60);
      const received = Math.max(acked, state.sent - 3);
      expect(bench.learn({ ack: acked, received, sum: sumOf(...texts.slice(0, received)) })).toBe('learnt');
      expect(state.bufferedAmount).toBe(texts.slice(acked, state.sent).join('').length);
    }
  });

  it.each([
    ['once if everything received is acknowledged', 100, 100],
    ['twice up to the acknowledgement if more was received', 40, 140],
  ])('[SN-5.13] an acknowledgement reads the hash of each message %s', (_, ack, reads) => {
    const bench = new Bench();
    const texts = numbers(100);
    let hashes = 0;
    for (const text of texts) {
      const message = messageFromText(text);
      const { hash } = message;
      Object.defineProperty(message, 'hash', {
        get: () => {
          hashes += 1;
          return hash;
        },
      });
      bench.send(message);
    }
    expect(bench.learn({ ack, received: 100, sum: sumOf(...texts) })).toBe('learnt');
    expect(hashes).toBe(reads);
    bench.sendAll(['on']);
    expect(bench.learn({ ack, received: 101, sum: sumOf(...texts, 'on') })).toBe('learnt');
  });

  it('[SN-3] the buffer of a client retains no acknowledged message', () => {
    const bench = new Bench();
    const texts = numbers(200);
    bench.sendAll(texts);
    bench.learn({ ack: 200, received: 200, sum: sumOf(...texts) });
    expect([bench.state.messageAt(200), bench.state.bufferedAmount]).toEqual([undefined, 0]);
    bench.sendAll(['on']);
    expect(bench.state.messageAt(201).text).toBe('on');
  });

  it('[SN-23.2] a client accepts messages above the window and reports once that there is room again', () => {
    const bench = new Bench({ messages: 2, bytes: 1000 });
    expect(['a', 'b', 'c'].map((text) => bench.send(messageFromText(text)))).toEqual(['ok', 'ok', 'above']);
    expect(bench.learn({ ack: 1, received: 1, sum: sumOf('a') })).toBe('learnt');
    bench.state.wrote(bench.state.allowed);
    expect(bench.learn({ ack: 2, received: 2, sum: sumOf('a', 'b') })).toBe('drained');
    expect(bench.learn({ ack: 2, received: 3, sum: sumOf('a', 'b', 'c') })).toBe('learnt');
  });
});

describe('counts of the server', () => {
  it.each([
    ['an ack beyond received', { ack: 2, received: 1, sum: sumOf('a') }],
    ['a received beyond what was written', { received: 3 }],
    ['a seen beyond what was acknowledged', { seen: 1 }],
    ['a checksum of other messages', { received: 2, sum: sumOf('b', 'a') }],
  ])('[SN-5.7] [SN-5.9] server counts with %s are lost', (_, wrong) => {
    const bench = new Bench();
    bench.sendAll(['a', 'b']);
    expect(bench.learn(wrong)).toBe('lost');
    expect(bench.state.peerReceived).toBe(0);
  });

  it('[SN-4.4] a server that changes its last is lost', () => {
    const bench = new Bench();
    expect(bench.learn({ last: 2 })).toBe('learnt');
    expect(bench.learn({ last: 3 })).toBe('lost');
  });

  it('[SN-4.15] a verdict that acknowledges unwritten messages is lost', () => {
    const bench = new Bench();
    bench.sendAll(['a']);
    expect([bench.state.closed(2), bench.state.closed(1), bench.state.closed(0)]).toEqual(['lost', 'learnt', 'lost']);
  });
});

describe('messages of a server', () => {
  it('[SN-2.1] [SN-2.2] messages of the server are taken once and in order', () => {
    const bench = new Bench();
    expect(bench.take(1, 'a', 'b')).toEqual(['taken', 'taken']);
    expect(bench.take(2, 'b', 'c')).toEqual(['repeated', 'taken']);
    expect(bench.take(5, 'e')).toEqual(['gap']);
    expect(bench.state.checksum).toBe(sumOf('a', 'b', 'c'));
  });

  it('[SN-22.3] messages of the server beyond the window are hostile until earlier ones are settled', () => {
    const bench = new Bench(wide, { messages: 2, bytes: 1000 });
    expect(bench.take(1, 'a', 'b', 'c')).toEqual(['taken', 'taken', 'hostile']);
    bench.state.settle(messageFromText('a'));
    expect(bench.take(3, 'c')).toEqual(['taken']);
  });

  it('[SN-4.16] a message of the server after its last is lost', () => {
    const bench = new Bench();
    bench.learn({ last: 1 });
    expect(bench.take(1, 'a', 'b')).toEqual(['taken', 'lost']);
  });
});
