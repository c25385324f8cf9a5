import { expect, test } from 'vitest';
import { en } from './en.js';
import { isolate } from './isolate.js';
import { zh } from './zh.js';

test('isolate wraps a right-to-left name and leaves others unchanged', () => {
  expect([isolate('Terns'), isolate('东滩观鸟')]).toEqual(['Terns', '东滩观鸟']);
  expect([isolate('نوارس'), isolate('Gulls נחליאלי')]).toEqual(['\u2068نوارس\u2069', '\u2068Gulls נחליאלי\u2069']);
});

test('the texts of the page isolate names', () => {
  const name = '\u2068نوارس\u2069';
  for (const words of [en, zh]) {
    const texts = [words.writeTo, words.didMute, words.leaveTitle, words.messages.forwardedTo.bind(null, 1)];
    for (const text of texts) expect(text('نوارس')).toContain(name);
  }
});
