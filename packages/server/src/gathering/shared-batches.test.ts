import {
  type AttachedRecord,
  frameEncoding,
  jsonLinesEncoding,
  type Message,
  type MessageSource,
} from '@everywire/protocol/internal';
import { beforeEach, describe, expect, it } from 'vitest';
import { MessageMaker } from './message-maker.js';
import { SharedBatches } from './shared-batches.js';

// Tests `SharedBatches`, which encodes a run (consecutive messages of a queue) once per tick for all sessions that get
// the same messages.

/** A queue whose first message has number 1. */
function queue(...messages: Message[]): MessageSource {
  return { messageAt: (number) => messages[number - 1] as Message };
}

describe('SharedBatches', () => {
  let maker: MessageMaker;
  let runs: SharedBatches;
  beforeEach(() => {
    maker = new MessageMaker(1 << 20);
    runs = new SharedBatches(frameEncoding);
  });
  const make = (...texts: string[]): Message[] => texts.map((text) => maker.make(text));
  const textOf = (bytes: Uint8Array | null): string => Buffer.from(bytes ?? []).toString('latin1');

  it('[SN-27.2] a run is joined once and shared by every queue with the same run', () => {
    const messages = make('a', 'b', 'c');
    const joined = runs.joined(queue(...messages), 1, 3);
    expect(textOf(joined)).toBe('\x81\x01a\x81\x01b\x81\x01c');
    expect(runs.joined(queue(...messages), 1, 3)).toBe(joined);
  });

  it('[SN-27.2] a run is shared by content, regardless of its numbers', () => {
    const messages = make('a', 'b');
    const joined = runs.joined(queue(...messages), 1, 2);
    expect(runs.joined(queue(...make('x'), ...messages), 2, 3)).toBe(joined);
  });

  it('[SN-27.4] runs with the same ends and length but different content are distinguished', () => {
    const [a, b, c, d] = make('a', 'b', 'c', 'd') as [Message, Message, Message, Message];
    const first = runs.joined(queue(a, b, d), 1, 3);
    const second = runs.joined(queue(a, c, d), 1, 3);
    expect([textOf(first), textOf(second)]).toEqual(['\x81\x01a\x81\x01b\x81\x01d', '\x81\x01a\x81\x01c\x81\x01d']);
    expect(runs.joined(queue(a, b, d), 1, 3)).toBe(first);
    expect(runs.joined(queue(a, c, d), 1, 3)).toBe(second);
  });

  it('a run is distinguished from its own prefix', () => {
    const messages = make('a', 'b', 'c');
    runs.joined(queue(...messages), 1, 3);
    expect(textOf(runs.joined(queue(...messages), 1, 2))).toBe('\x81\x01a\x81\x01b');
  });

  it('a single message is returned in its own bytes, with one view for all', () => {
    const [a, b] = make('a', 'b') as [Message, Message];
    const alone = runs.joined(queue(a), 1, 1);
    expect(alone).toEqual(frameEncoding.encodeMessage(a));
    expect(alone?.buffer).toBe(a.memory.buffer);
    expect(runs.joined(queue(b, a), 2, 2)).toBe(alone);
    runs.endTurn();
    expect(runs.joined(queue(a), 1, 1)).not.toBe(alone);
  });

  it('[SN-27.2] the frame of an unkept message is used as it is, by the frame encoding only', () => {
    const [a] = make('a') as [Message];
    const frame = frameEncoding.encodeMessage(a);
    const source = { ...queue(a), frameAt: () => frame };
    expect(runs.joined(source, 1, 1)).toBe(frame);
    expect(textOf(new SharedBatches(jsonLinesEncoding).joined(source, 1, 1))).toBe('"a"\n');
  });

  it('a run that is too long is not joined', () => {
    const messages = make('x'.repeat(40_000), 'y'.repeat(40_000));
    expect(runs.joined(queue(...messages), 1, 2)).toBeNull();
    expect(runs.joined(queue(...messages), 1, 2)).toBeNull();
  });

  it('nothing is kept beyond the tick', () => {
    const messages = make('a', 'b');
    const joined = runs.joined(queue(...messages), 1, 2);
    runs.endTurn();
    expect(runs.joined(queue(...messages), 1, 2)).not.toBe(joined);
  });

  it('every client gets its own record at the start of its answer, followed by the shared rest', () => {
    const lines = new SharedBatches(jsonLinesEncoding);
    const counts = { ack: 0, received: 0, seen: 0, sent: 4, sum: 0 };
    const record: AttachedRecord = { t: 'attached', first: 1, ...counts, n: 7, instance: 7 };
    const records: AttachedRecord[] = [
      record,
      { ...record, n: 1, instance: 11 },
      { ...record, first: 2 },
      record,
      { t: 'attached', first: 1, ...counts, last: 4, lastSum: 9, n: 12, instance: 4_000_000_000 },
    ];
    const texts = records.map((one) => lines.recordCharacters(one));
    expect(texts).toEqual(records.map((one) => `${JSON.stringify(one)}\n`));
    expect(['x', 'x', 'y', 'x'].map((behind, at) => lines.behind(texts[at] as string, behind))).toEqual([
      `${texts[0]}x`,
      `${texts[1]}x`,
      `${texts[2]}y`,
      `${texts[0]}x`,
    ]);
  });
});
