import { chatLimits } from '@everywire/chat';
import { expect, test } from 'vitest';
import type { CommandDependencies } from './command-dependencies.js';
import { runCursorCommand } from './run-cursor-command.js';
import { TokenBuckets } from './token-buckets.js';

/** Runs cursor commands with a controlled clock; the store accepts everything. */
function place() {
  let now = 0;
  const dependencies = {
    receipts: new TokenBuckets({ capacity: 2, refillMs: chatLimits.receiptIntervalMs, keysMax: 100 }),
    wallNow: () => now,
    store: { changeMember: async () => ({ outcome: 'committed', result: {}, notices: [] }) },
    hints: { announce: () => undefined },
  } as unknown as CommandDependencies;
  const move = async (part: object, pace = 'one'): Promise<string> => {
    const command = { command: 'read', i: 0, conversation: 7, sequence: 1, ...part } as const;
    const outcome = await runCursorCommand({ user: 1, pace }, command, dependencies);
    return outcome.outcome === 'refused' ? outcome.code : outcome.outcome;
  };
  return {
    move,
    pass: (ms: number): void => {
      now += ms;
    },
  };
}

test('[CM-9] a cursor can move twice in a burst and then once a second', async () => {
  const { move, pass } = place();
  expect([await move({}), await move({}), await move({})]).toEqual(['ok', 'ok', 'rate_limited']);
  pass(999);
  expect(await move({})).toBe('rate_limited');
  pass(1);
  expect([await move({}), await move({})]).toEqual(['ok', 'rate_limited']);
});

test('[CM-9] each session, conversation, thread and kind of cursor has a separate rate limit', async () => {
  const { move } = place();
  const others = [{ command: 'delivered' }, { conversation: 8 }, { thread: 3 }, { thread: 4 }];
  for (const part of [{}, ...others]) for (let times = 0; times < 2; times += 1) expect(await move(part)).toBe('ok');
  for (const part of [{}, ...others]) expect(await move(part)).toBe('rate_limited');
  expect(await move({}, 'another')).toBe('ok');
});
