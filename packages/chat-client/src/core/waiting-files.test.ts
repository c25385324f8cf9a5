import type { FileRef, KeyedCommand } from '@everywire/chat';
import { describe, expect, it } from 'vitest';
import { coreLimits } from './core-limits.js';
import { Outbox } from './outbox.js';
import type { WaitingFile } from './waiting-file.js';

// Tests messages in the `Outbox` (unanswered commands) whose files are stored on the device and not uploaded yet.

const send = (id: string, conversation = 7): KeyedCommand => ({ command: 'send', id, conversation, text: id });
const react: KeyedCommand = {
  command: 'react',
  id: 'r',
  conversation: 7,
  message: { sequence: 1, id: 'id 1' },
  emoji: '👍',
  set: true,
};
const waiting = (number: number, size = 10): WaitingFile => ({
  waiting: true,
  number,
  name: `${number}.png`,
  type: 'image/png',
  size,
});
const ref = (name: string): FileRef => ({ id: name.repeat(4), name, kind: 'file', type: 'text/plain', size: 2 });
const ids = (commands: readonly KeyedCommand[]): readonly string[] => commands.map((command) => command.id);

describe('a message whose files wait on the device', () => {
  it('a message is sent once all its files are uploaded, with the files in order and its own id', () => {
    const outbox = new Outbox(coreLimits);
    outbox.enqueue(send('a'), 0, [waiting(0), ref('up'), waiting(2)]);
    expect(outbox.takeNext()).toEqual([]);
    expect(outbox.nextUpload()).toEqual({ id: 'a', file: waiting(0) });
    outbox.uploaded('a', 0, ref('zero'));
    expect(outbox.nextUpload()).toEqual({ id: 'a', file: waiting(2) });
    expect(outbox.takeNext()).toEqual([]);
    outbox.uploaded('a', 2, ref('two'));
    expect(outbox.nextUpload()).toBeNull();
    const files = [ref('zero'), ref('up'), ref('two')].map(({ id }) => id);
    expect(outbox.takeNext()).toEqual([{ ...send('a'), files }]);
  });

  it('a message with waiting files delays later messages, but no other commands of its conversation', () => {
    const outbox = new Outbox(coreLimits);
    outbox.enqueue(send('a'), 0, [waiting(0)]);
    for (const command of [send('b'), react, send('c', 8)]) outbox.enqueue(command, 0);
    expect(ids(outbox.takeNext())).toEqual(['r', 'c']);
    outbox.succeed('r');
    outbox.uploaded('a', 0, ref('zero'));
    expect(ids(outbox.takeNext())).toEqual(['a']);
  });

  it('a half uploaded message survives a reload', () => {
    const outbox = new Outbox(coreLimits);
    outbox.enqueue(send('a'), 0, [waiting(0), waiting(1)]);
    outbox.uploaded('a', 0, ref('zero'));
    const [, last] = outbox.takeWrites();
    if (last?.write !== 'keep') throw new Error('The step was not written.');
    const again = new Outbox(coreLimits, [JSON.parse(JSON.stringify(last.item))]);
    expect(again.nextUpload()).toEqual({ id: 'a', file: waiting(1) });
  });

  it('a message is replaced by the version that another tab stored', () => {
    const [here, other] = [new Outbox(coreLimits), new Outbox(coreLimits)];
    for (const outbox of [here, other]) outbox.enqueue(send('a'), 0, [waiting(0)]);
    other.uploaded('a', 0, ref('zero'));
    const kept = other.items()[0];
    if (kept === undefined) throw new Error('The other tab has no message.');
    here.adopt(kept);
    expect([here.nextUpload(), here.uploadedHere('a')]).toEqual([null, true]);
    expect(here.takeNext()).toEqual([{ ...send('a'), files: [ref('zero').id] }]);
    here.succeed('a');
    here.adopt(kept);
    expect(here.items()).toEqual([]);
  });

  it('a message whose upload failed for good does not delay the next, and uploads again on retry', () => {
    const outbox = new Outbox(coreLimits);
    outbox.enqueue(send('a'), 0, [waiting(0)]);
    outbox.enqueue(send('b'), 0);
    outbox.fail('a', 'quota_exceeded');
    expect(outbox.nextUpload()).toBeNull();
    expect(ids(outbox.takeNext())).toEqual(['b']);
    outbox.retry('a', 5);
    expect(outbox.nextUpload()).toEqual({ id: 'a', file: waiting(0) });
  });

  it('a message is refused if all waiting files together exceed the limit', () => {
    const outbox = new Outbox({ ...coreLimits, waitingFileBytesMax: 25 });
    expect(outbox.enqueue(send('a'), 0, [waiting(0), waiting(1)])).toBe('queued');
    expect(outbox.enqueue(send('b'), 0, [waiting(0)])).toBe('waiting_files_full');
    outbox.discard('a');
    expect(outbox.enqueue(send('b'), 0, [waiting(0)])).toBe('queued');
  });
});
