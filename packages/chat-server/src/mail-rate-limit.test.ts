import { expect, test } from 'vitest';
import { defaultLimits } from './limits.js';
import { silentLog } from './logger.js';
import { canonicalMailbox, type MailboxClaim, MailRateLimit } from './mail-rate-limit.js';
import { SharedCounts } from './shared-counts.js';

// Tests `MailRateLimit`, which limits the mails that the server sends on request. `ask` requests a mail to a person
// from a network and returns whether it may be sent.

const hourMs = 3_600_000;

function createRateLimit(limits: Partial<typeof defaultLimits> = {}) {
  const lines: string[] = [];
  const log = { ...silentLog, warn: (line: string) => void lines.push(line) };
  let at = 0;
  const counts = new SharedCounts(
    () => undefined,
    () => at,
  );
  const rateLimit = new MailRateLimit({ ...defaultLimits, ...limits }, log, counts.create);
  const ask = (person: number, from: string, now = 0): boolean => {
    at = now;
    return rateLimit.admits({ about: `${person}`, to: `p${person}@example.org`, claim: 'none', from });
  };
  return { rateLimit, ask, lines };
}

test('one network leaves mails for others, however many accounts it requests mails for', () => {
  const { ask, lines } = createRateLimit();
  const sent = Array.from({ length: 300 }, (_, person) => ask(person, 'stranger')).filter(Boolean).length;
  expect(sent).toBe(defaultLimits.resetsPerAddress);
  expect(lines[0]).toContain('limits.resetsPerAddress');
  expect(ask(1_000, 'home')).toBe(true);
  const later = Array.from({ length: 3_600 }, (_, second) => ask(2_000 + second, 'stranger', second * 1_000));
  expect(later.filter(Boolean).length).toBeLessThanOrEqual(60);
  expect(ask(9_000, 'home', hourMs)).toBe(true);
});

test('a mail that is not sent does not count', () => {
  const { ask, lines } = createRateLimit({ resetsAtOnce: 1, resetsPerPerson: 1, resetsPerAddress: 2 });
  expect(ask(1, 'office')).toBe(true);
  // The server may send no more for ten seconds; a user who retries then has lost nothing.
  expect([ask(2, 'home'), ask(2, 'home'), ask(2, 'home')]).toEqual([false, false, false]);
  expect(lines.at(-1)).toContain('limits.resetsAtOnce');
  expect(ask(2, 'home', defaultLimits.resetsRefillMs)).toBe(true);
});

test('a mail to the operator counts for its user alone', () => {
  const { rateLimit } = createRateLimit({ resetsAtOnce: 1, resetsPerAddress: 1 });
  const ask = (person: number) => rateLimit.admits({ about: `${person}`, to: '', claim: 'none', from: 'office' });
  expect([ask(1), ask(2), ask(3)]).toEqual([true, true, true]);
});

test("accounts that give another user's address do not use up the mails of the account that confirmed it", () => {
  const { rateLimit } = createRateLimit();
  const ask = (person: number, to: string, claim: MailboxClaim): boolean =>
    rateLimit.admits({ about: `${person}`, to, claim, from: `network ${person}` });
  const strangers = Array.from({ length: 20 }, (_, at) =>
    ask(at, at % 2 ? 'ann@example.org' : `ann+${at}@example.org`, at === 1 ? 'first' : 'none'),
  );
  expect(strangers.filter(Boolean).length).toBe(defaultLimits.resetsPerMailbox + 1);
  expect(ask(100, 'ann@example.org', 'none')).toBe(false);
  expect([1, 2, 3, 4].map(() => ask(101, 'ann@example.org', 'confirmed'))).toEqual([true, true, true, false]);
  expect(ask(102, 'ann+work@example.org', 'confirmed')).toBe(true);
});

test.each([
  ['Ann@Example.org', 'ann@example.org'],
  ['<ann@example.org>', 'ann@example.org'],
  ['ann+news+more@example.org', 'ann@example.org'],
  ['a.nn@example.org', 'a.nn@example.org'],
  ['a.n.n+x@gmail.com', 'ann@gmail.com'],
  ['ann@example.org.', 'ann@example.org'],
])('the canonical mailbox of %s is %s', (email, mailbox) => {
  expect(canonicalMailbox(email)).toBe(mailbox);
});
