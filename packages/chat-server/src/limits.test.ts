import { readFileSync } from 'node:fs';
import { chatLimits } from '@everywire/chat';
import { defaultServerLimits } from '@everywire/server';
import { expect, test } from 'vitest';
import { JSON_DEPTH_MAX } from './json-depth.js';
import { defaultLimits } from './limits.js';

const specification = readFileSync(new URL('../../../docs/spec/commands.md', import.meta.url), 'utf8');

/* The figures in the rules are the defaults: a limit that is changed must be changed there as well. */
test.each<[rule: string, words: string, value: number, inWords: number]>([
  ['CM-2.4', 'longer than 131,072 characters', defaultLimits.commandCharactersMax, 131_072],
  ['CM-2.6', 'more than 16 levels', JSON_DEPTH_MAX, 16],
  ['CM-4.1', '500 requests at once', defaultLimits.commandsAtOnce, 500],
  ['CM-4.1', 'then 50 a second', 1_000 / defaultLimits.commandRefillMs, 50],
  ['CM-4.2', 'two seconds', defaultLimits.workMsAtOnce, 2_000],
  ['CM-4.2', 'a tenth of each second', 1 / defaultLimits.workRefillMs, 0.1],
  ['CM-4.5', 'for each 64 KB', defaultLimits.fanOutBytesPerMs, 65_536],
  ['CM-4.6', '0.05 ms', defaultLimits.namedPersonMs, 0.05],
  ['CM-4.6', '0.03 ms', defaultLimits.notifiedPersonMs, 0.03],
  ['CM-5.1', '256,000 bytes', defaultLimits.answerBytesMax, 256_000],
  ['CM-6', '4,194,304 bytes', defaultServerLimits.bufferBytesMax, 4_194_304],
  ['CM-6', '4,096 messages', defaultServerLimits.bufferMessagesMax, 4_096],
  ['CM-7', 'at most 50', defaultLimits.sessionsPerUserMax, 50],
  ['CM-9', 'once a second', chatLimits.receiptIntervalMs, 1_000],
  ['CM-11.2', 'one notice a second', defaultLimits.typingIntervalMs, 1_000],
  ['CM-13.1', 'lease of 90 s', chatLimits.presenceLeaseMs, 90_000],
  ['CM-13.3', 'five seconds', defaultLimits.unreachableMs, 5_000],
  ['CM-14.2', 'last 1,000 people', defaultLimits.profilesSeenMax, 1_000],
])('rule %s says "%s", which is the default', (rule, words, value, inWords) => {
  const line = specification.split('\n').find((one) => one.includes(`**${rule}`)) ?? '';
  expect(line).toContain(words);
  expect(value).toBe(inWords);
});
