import { describe, expect, it } from 'vitest';
import { withoutSaid } from './use-text.js';

describe('what stays in the field once something was said', () => {
  it.each([
    ['hello', 'hello', ''],
    ['  hello\n', 'hello', ''],
    ['hello and more', 'hello', 'and more'],
    ['something else', 'hello', 'something else'],
    ['written beside a voice message', '', 'written beside a voice message'],
  ])('of %j, said %j: %j', (text, said, stays) => {
    expect(withoutSaid(text, said)).toBe(stays);
  });
});
