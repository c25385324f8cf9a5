import {
  type AttachedRecord,
  frameEncoding,
  jsonLinesEncoding,
  type Message,
  type MessageSource,
} from '@everywire/protocol/internal';
import { beforeEach, describe, expect, it } from 'vitest';
import { MessageMaker } from './message-maker.js';
import { SharedRuns } from './shared-runs.js';

/** A queue that begins at number 1. */
function queue(...messages: Message[]): MessageSource {
  return { messageAt: (number) => messages[number - 1] as Message };
}

describe('SharedRuns', () => {
  let maker: MessageMaker;
  let runs: SharedRuns;
  beforeEach(() => {
    maker = new MessageMaker(1 << 20);
    runs = new SharedRuns(frameEncoding);
  });
  const make = (...texts: string[]): Message[] => texts.map((text) => maker.make(text));
  const textOf = (bytes: Uint8Array | null): string => Buffer.from(bytes ?? []).toString('latin1');

  it('[SN-27.2] joins a run once and shares it with every queue that is the same run', () => {
    const messages = make('a', 'b', 'c');
    const joined = runs.joined(queue(...messages), 1, 3);
    expect(textOf(joined)).toBe('\x81\x01a\x81\x01b\x81\x01c');
    expect(runs.joined(queue(...messages), 1, 3)).toBe(joined);
  });

  it('[SN-27.2] shares it by content, at whatever numbers it stands', () => {
    const messages = make('a', 'b');
    const joined = runs.joined(queue(...messages), 1, 2);
    expect(runs.joined(queue(...make('x'), ...messages), 2, 3)).toBe(joined);
  });

  it('[SN-27.4] tells runs apart that have the same ends and the same length', () => {
    const [a, b, c, d] = make('a', 'b', 'c', 'd') as [Message, Message, Message, Message];
    const first = runs.joined(queue(a, b, d), 1, 3);
    const second = runs.joined(queue(a, c, d), 1, 3);
    expect([textOf(first), textOf(second)]).toEqual(['\x81\x01a\x81\x01b\x81\x01d', '\x81\x01a\x81\x01c\x81\x01d']);
    expect(runs.joined(queue(a, b, d), 1, 3)).toBe(first);
    expect(runs.joined(queue(a, c, d), 1, 3)).toBe(second);
  });

  it('tells a run from its own beginning', () => {
    const messages = make('a', 'b', 'c');
    runs.joined(queue(...messages), 1, 3);
    expect(textOf(runs.joined(queue(...messages), 1, 2))).toBe('\x81\x01a\x81\x01b');
  });

  it('gives a single message in the bytes that are its own, one view of them for all', () => {
    const [a, b] = make('a', 'b') as [Message, Message];
    const alone = runs.joined(queue(a), 1, 1);
    expect(alone).toEqual(frameEncoding.encodeMessage(a));
    expect(alone?.buffer).toBe(a.memory.buffer);
    expect(runs.joined(queue(b, a), 2, 2)).toBe(alone);
    runs.endTurn();
    expect(runs.joined(queue(a), 1, 1)).not.toBe(alone);
  });

  it('[SN-27.2] takes the frame of a message that is not kept as it lies, in frames alone', () => {
    const [a] = make('a') as [Message];
    const frame = frameEncoding.encodeMessage(a);
    const source = { ...queue(a), frameAt: () => frame };
    expect(runs.joined(source, 1, 1)).toBe(frame);
    expect(textOf(new SharedRuns(jsonLinesEncoding).joined(source, 1, 1))).toBe('"a"\n');
  });

  it('does not join what is too long for it', () => {
    const messages = make('x'.repeat(40_000), 'y'.repeat(40_000));
    expect(runs.joined(queue(...messages), 1, 2)).toBeNull();
    expect(runs.joined(queue(...messages), 1, 2)).toBeNull();
  });

  it('keeps nothing beyond the turn', () => {
    const messages = make('a', 'b');
    const joined = runs.joined(queue(...messages), 1, 2);
    runs.endTurn();
    expect(runs.joined(queue(...messages), 1, 2)).not.toBe(joined);
  });

  it('gives everyone the record that begins its own answer, and what is behind it', () => {
    const lines = new SharedRuns(jsonLinesEncoding);
    const counts = { ack: 0, received: 0, seen: 0, sent: 4, sum: 0 };
    const record: AttachedRecord = { t: 'attached', first: 1, ...counts, n: 7, instance: 7 };
    const told: AttachedRecord[] = [
      record,
      { ...record, n: 1, instance: 11 },
      { ...record, first: 2 },
      record,
      { t: 'attached', first: 1, ...counts, last: 4, lastSum: 9, n: 12, instance: 4_000_000_000 },
    ];
    const texts = told.map((one) => lines.recordCharacters(one));
    expect(texts).toEqual(told.map((one) => `${JSON.stringify(one)}\n`));
    expect(['x', 'x', 'y', 'x'].map((behind, at) => lines.behind(texts[at] as string, behind))).toEqual([
      `${texts[0]}x`,
      `${texts[1]}x`,
      `${texts[2]}y`,
      `${texts[0]}x`,
    ]);
  });
});
