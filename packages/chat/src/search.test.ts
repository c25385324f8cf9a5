import { expect, it } from 'vitest';
import type { FileRef } from './message.js';
import { messageTokens, type SearchWanted, wantedTokens } from './search.js';

const nothing: SearchWanted = { terms: [], senders: null, places: null, has: [], from: null, until: null };
const file: FileRef = { id: 'f'.repeat(32), name: 'plan.pdf', kind: 'file', type: 'application/pdf', size: 1 };
const image: FileRef = { ...file, name: 'plan.png', kind: 'image', type: 'image/png' };

interface Written {
  readonly text?: string;
  readonly files?: readonly FileRef[];
}

/** Whether the tokens of a message from user 2 rule it out. */
function isPassedOver(wanted: Partial<SearchWanted>, { text = 'hello', files = [] }: Written = {}): boolean {
  const tokens = new Set<string>();
  messageTokens({ body: { kind: 'text', text, files }, sender: 2 }, tokens);
  const { all, any } = wantedTokens({ ...nothing, ...wanted });
  return !all.every((token) => tokens.has(token)) || (any.length > 0 && !any.some((token) => tokens.has(token)));
}

it('a search for messages with files passes over messages that have none', () => {
  expect(isPassedOver({ has: ['file'] })).toBe(true);
  expect(isPassedOver({ has: ['file'] }, { files: [file] })).toBe(false);
  expect(isPassedOver({ has: ['file'] }, { files: [image] })).toBe(false);
});

it('a search for images passes over messages with other files alone', () => {
  expect(isPassedOver({ has: ['image'] }, { files: [file] })).toBe(true);
  expect(isPassedOver({ has: ['image'] }, { files: [file, image] })).toBe(false);
});

it('a search for addresses passes over messages without one', () => {
  expect(isPassedOver({ has: ['link'] })).toBe(true);
  expect(isPassedOver({ has: ['link'] }, { text: 'see HTTPS://example.org' })).toBe(false);
});

it('a search by author passes over messages of everybody else', () => {
  expect(isPassedOver({ senders: [3, 4] })).toBe(true);
  expect(isPassedOver({ senders: [3, 2] })).toBe(false);
  expect(isPassedOver({ senders: null })).toBe(false);
});

it('the name of a file is found like text', () => {
  const terms = [{ text: 'plan', whole: true }];
  expect(isPassedOver({ terms })).toBe(true);
  expect(isPassedOver({ terms }, { files: [file] })).toBe(false);
});

it('a service message is passed over', () => {
  const tokens = new Set<string>();
  messageTokens({ body: { kind: 'service', service: { change: 'left' } }, sender: 2 }, tokens);
  expect(tokens).toEqual(new Set());
});
