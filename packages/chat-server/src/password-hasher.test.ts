import { expect, test } from 'vitest';
import { PasswordHasher } from './password-hasher.js';

const cost = { memoryKib: 256, passes: 1 };

test('hashes with argon2id and a salt of its own, and knows the password again', async () => {
  const hasher = new PasswordHasher({ cost, atOnce: 1, queuedMax: 8 });
  const [first, second] = await Promise.all([hasher.hash('correct horse'), hasher.hash('correct horse')]);
  expect(first).toMatch(/^\$argon2id\$v=19\$m=256,t=1,p=1\$/);
  expect(first).not.toBe(second);
  expect(await hasher.verify(first, 'correct horse')).toBe(true);
  expect(await hasher.verify(first, 'correct horsf')).toBe(false);
});

test('an unknown name is checked against a decoy and never matches, not even with its password', async () => {
  const hasher = new PasswordHasher({ cost, atOnce: 1, queuedMax: 8 });
  expect(await hasher.verify(null, 'the password of nobody')).toBe(false);
});

test('answers busy beyond the line, and goes on afterwards', async () => {
  const hasher = new PasswordHasher({ cost, atOnce: 1, queuedMax: 2 });
  const answers = await Promise.all(['1', '2', '3', '4', '5'].map((password) => hasher.hash(password)));
  expect(answers.filter((answer) => answer === 'busy')).toHaveLength(2);
  expect(await hasher.hash('6')).not.toBe('busy');
});

test('a hash that fails gives its place back', async () => {
  const hasher = new PasswordHasher({ cost, atOnce: 1, queuedMax: 1 });
  await expect(hasher.verify('not a hash', 'x')).rejects.toThrow();
  expect(await hasher.hash('x')).not.toBe('busy');
});
