import type { KeyedCommand } from '@everywire/chat';
import { describe, expect, it } from 'vitest';
import { coreLimits } from './core-limits.js';
import { Outbox, type OutboxItem } from './outbox.js';

// Tests `Outbox`: commands that the device has stored and the server has not answered. They are sent in order, one at a
// time for each conversation.

const send = (id: string, conversation = 7): KeyedCommand => ({ command: 'send', id, conversation, text: id });
const day = 86_400_000;

/** Returns an outbox with these commands. */
function filled(...commands: readonly KeyedCommand[]): Outbox {
  const outbox = new Outbox(coreLimits);
  for (const command of commands) outbox.enqueue(command, 0);
  return outbox;
}

/**
 * Returns the outbox after a reload: rebuilt from its writes, which the device stores in no order, on top of earlier content.
 */
function reloaded(outbox: Outbox, disk = new Map<string, OutboxItem>()): Outbox {
  for (const write of outbox.takeWrites()) {
    if (write.write === 'keep') disk.set(write.item.command.id, write.item);
    else disk.delete(write.id);
  }
  return new Outbox(coreLimits, JSON.parse(JSON.stringify([...disk.values()].reverse())));
}

const ids = (commands: readonly KeyedCommand[]): readonly string[] => commands.map((command) => command.id);

describe('Outbox', () => {
  it('[CH-1.3] one command at a time is in flight per conversation, in order', () => {
    const outbox = filled(send('a'), send('b'), send('c', 8), {
      command: 'createGroup',
      id: 'd',
      name: 'x',
      users: [],
    });
    expect(ids(outbox.takeNext())).toEqual(['a', 'c', 'd']);
    expect(outbox.takeNext()).toEqual([]);
    outbox.succeed('a');
    expect(ids(outbox.takeNext())).toEqual(['b']);
  });

  it('[CH-1.3] after a lost connection, the same commands are sent in the same order', () => {
    const outbox = filled(send('a'), send('b'));
    outbox.takeNext();
    outbox.releaseAll();
    expect(ids(outbox.takeNext())).toEqual(['a']);
  });

  it('[CH-1.3] no command overtakes one with a retryable refusal', () => {
    const outbox = filled(send('a'), send('b'));
    outbox.takeNext();
    outbox.release('a', 'busy');
    expect(ids(outbox.takeNext())).toEqual(['a']);
  });

  it('commands queued behind a refused one of their conversation get its reason', () => {
    const outbox = filled(send('a'), send('b'), send('c', 8));
    outbox.takeNext();
    outbox.release('a', 'full');
    const reasons = () => outbox.withReasons().map(({ held }) => held);
    expect(reasons()).toEqual(['full', 'full', undefined]);
    outbox.takeNext();
    outbox.succeed('a');
    expect(reasons()).toEqual([undefined, undefined]);
  });

  it('a failed command is kept for the user to decide about, and the next one is sent', () => {
    const outbox = filled(send('a'), send('b'));
    outbox.takeNext();
    expect(outbox.fail('a', 'not_member')).toMatchObject({ failed: 'not_member' });
    expect(ids(outbox.takeNext())).toEqual(['b']);
    outbox.retry('a', 5);
    expect(outbox.takeNext()).toEqual([]);
    outbox.succeed('b');
    expect(ids(outbox.takeNext())).toEqual(['a']);
  });

  it('a command can be discarded unless it is in flight', () => {
    const outbox = filled(send('a'), send('b'));
    outbox.takeNext();
    expect(outbox.discard('a')).toBeNull();
    expect(outbox.discard('b')?.command.id).toBe('b');
    expect(outbox.items().map((item) => item.command.id)).toEqual(['a']);
    expect([outbox.discard('x'), outbox.succeed('x'), outbox.fail('x', 'busy')]).toEqual([null, null, null]);
  });

  it('[CH-18.5] a command expires before the server forgets its key', () => {
    const outbox = filled(send('a'), send('b'));
    outbox.takeNext();
    expect(outbox.expire(14 * day)).toEqual([]);
    expect(outbox.expire(14 * day + 1).map((item) => [item.command.id, item.failed])).toEqual([['b', 'expired']]);
    outbox.releaseAll();
    expect(outbox.expire(14 * day + 1).map((item) => item.command.id)).toEqual(['a']);
    outbox.retry('a', 14 * day + 1);
    expect(ids(outbox.takeNext())).toEqual(['a']);
  });

  it('the outbox refuses commands above its limit', () => {
    const outbox = new Outbox({ ...coreLimits, outboxCommandsMax: 2 });
    expect([outbox.enqueue(send('a'), 0), outbox.enqueue(send('b'), 0), outbox.enqueue(send('c'), 0)]).toEqual([
      'queued',
      'queued',
      'outbox_full',
    ]);
    outbox.succeed('a');
    expect(outbox.enqueue(send('c'), 0)).toBe('queued');
  });

  it('[CH-1.3] the outbox is restored from its writes, in order, including failed commands', () => {
    const outbox = filled(send('a'), send('b'), send('c'));
    outbox.takeNext();
    outbox.succeed('a');
    outbox.fail('b', 'too_long');
    const again = reloaded(outbox);
    expect(outbox.takeWrites()).toEqual([]);
    expect(again.items().map((item) => [item.command.id, item.failed])).toEqual([
      ['b', 'too_long'],
      ['c', null],
    ]);
    again.enqueue(send('d'), 0);
    expect(again.items().map((item) => item.command.id)).toEqual(['b', 'c', 'd']);
    expect(ids(again.takeNext())).toEqual(['c']);
  });

  it('[CH-1.3] a retried command keeps its place behind the waiting ones after a reload', () => {
    const outbox = filled(send('a'), send('b'));
    outbox.takeNext();
    outbox.fail('a', 'not_member');
    outbox.retry('a', 5);
    const again = reloaded(outbox);
    expect(again.items().map(({ command, failed, createdAt }) => [command.id, failed, createdAt])).toEqual([
      ['b', null, 0],
      ['a', null, 5],
    ]);
    expect(ids(again.takeNext())).toEqual(['b']);
    again.enqueue(send('c'), 6);
    expect(again.items().map(({ command }) => command.id)).toEqual(['b', 'a', 'c']);
  });

  it('[CH-1.3] a command written after a reload stays behind the older ones after the next reload', () => {
    const disk = new Map<string, OutboxItem>();
    const again = reloaded(filled(send('a'), send('b')), disk);
    again.enqueue(send('c'), 0);
    expect(
      reloaded(again, disk)
        .items()
        .map(({ command }) => command.id),
    ).toEqual(['a', 'b', 'c']);
  });
});
