import { expect, test } from 'vitest';
import { PasswordHasher } from './password-hasher.js';

const cost = { memoryKib: 256, passes: 1 };

test('PasswordHasher hashes with argon2id and a random salt, and verifies the password', async () => {
  const hasher = new PasswordHasher({ cost, atOnce: 1, queuedMax: 8, knownQueuedMax: 8 });
  const [first, second] = await Promise.all([hasher.hash('correct horse', null), hasher.hash('correct horse', null)]);
  expect(first).toMatch(/^\$argon2id\$v=19\$m=256,t=1,p=1\$/);
  expect(first).not.toBe(second);
  expect(await hasher.verify(first, 'correct horse', null)).toBe(true);
  expect(await hasher.verify(first, 'correct horsf', null)).toBe(false);
});

test('an unknown name is checked against a decoy and never matches', async () => {
  const hasher = new PasswordHasher({ cost, atOnce: 1, queuedMax: 8, knownQueuedMax: 8 });
  expect(await hasher.verify(null, 'the password of nobody', null)).toBe(false);
});

test('PasswordHasher answers busy beyond its queue and continues afterwards', async () => {
  const hasher = new PasswordHasher({ cost, atOnce: 1, queuedMax: 2, knownQueuedMax: 2 });
  const answers = await Promise.all(['1', '2', '3', '4', '5'].map((password) => hasher.hash(password, null)));
  expect(answers.filter((answer) => answer === 'busy')).toHaveLength(2);
  expect(await hasher.hash('6', null)).not.toBe('busy');
});

test('a hash that fails frees its place', async () => {
  const hasher = new PasswordHasher({ cost, atOnce: 1, queuedMax: 1, knownQueuedMax: 1 });
  await expect(hasher.verify('not a hash', 'x', null)).rejects.toThrow();
  expect(await hasher.hash('x', null)).not.toBe('busy');
});

test('known devices have separate places and go before strangers who came earlier', async () => {
  const hasher = new PasswordHasher({ cost, atOnce: 1, queuedMax: 3, knownQueuedMax: 2 });
  const order: string[] = [];
  const ask = async (name: string, known: string | null): Promise<void> => {
    const answer = await hasher.hash(name, known);
    order.push(answer === 'busy' ? `${name} busy` : name);
  };
  const strangers = ['s1', 's2', 's3', 's4', 's5'].map((name) => ask(name, null));
  await Promise.all([...strangers, ask('ann', 'phone of ann'), ask('bob', 'phone of bob')]);
  expect(order).toEqual(['s5 busy', 's1', 'ann', 'bob', 's2', 's3', 's4']);
});

test('a known device with more than two requests in progress waits among strangers', async () => {
  const hasher = new PasswordHasher({ cost, atOnce: 1, queuedMax: 1, knownQueuedMax: 8 });
  const held = hasher.hash('held', null);
  const asked = Array.from({ length: 5 }, () => hasher.hash('again and again', 'phone of eve'));
  const ann = hasher.hash('ann', 'phone of ann');
  const answers = await Promise.all(asked);
  expect(answers.map((answer) => answer === 'busy')).toEqual([false, false, false, true, true]);
  expect(await ann).not.toBe('busy');
  await held;
  // Its places are free again.
  expect(await hasher.hash('later', 'phone of eve')).not.toBe('busy');
});
