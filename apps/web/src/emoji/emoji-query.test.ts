import { expect, it } from 'vitest';
import { emojiQueryAt } from './emoji-query.js';

const at = (text: string) => emojiQueryAt(text, text.length);

it.each([
  [':smi', { start: 0, query: 'smi' }],
  ['well :thumbs_up', { start: 5, query: 'thumbs_up' }],
  ['line\n:+1', { start: 5, query: '+1' }],
  ['好的 :笑脸', { start: 3, query: '笑脸' }],
])('%j starts an emoji name', (text, query) => expect(at(text)).toEqual(query));

it.each([':s', ':D', '10:30', 'https://a', 'note:this', ':smi ', '：微笑', '他说:好的', ': smi'])(
  '%j starts no emoji name',
  (text) => expect(at(text)).toBeNull(),
);

it('text after the caret is ignored', () => {
  expect(emojiQueryAt(':smile', 4)).toEqual({ start: 0, query: 'smi' });
});
