import { expect, it } from 'vitest';
import type { FileRef } from './message.js';
import { messageTokens, type SearchWanted, wantedTokens } from './search.js';

// Tests the tokens by which a search skips messages that cannot match, without reading them.

const nothing: SearchWanted = { terms: [], senders: null, places: null, has: [], from: null, until: null };
const file: FileRef = { id: 'f'.repeat(32), name: 'plan.pdf', kind: 'file', type: 'application/pdf', size: 1 };
const image: FileRef = { ...file, name: 'plan.png', kind: 'image', type: 'image/png' };

/** The content of a message. */
interface Content {
  readonly text?: string;
  readonly files?: readonly FileRef[];
}

/** Returns whether the tokens of a message from user 2 rule it out. */
function isPassedOver(wanted: Partial<SearchWanted>, { text = 'hello', files = [] }: Content = {}): boolean {
  const tokens = new Set<string>();
  messageTokens({ body: { kind: 'text', text, files }, sender: 2 }, tokens);
  const { all, any } = wantedTokens({ ...nothing, ...wanted });
  return !all.every((token) => tokens.has(token)) || (any.length > 0 && !any.some((token) => tokens.has(token)));
}

it('a search for messages with files skips messages without files', () => {
  expect(isPassedOver({ has: ['file'] })).toBe(true);
  expect(isPassedOver({ has: ['file'] }, { files: [file] })).toBe(false);
  expect(isPassedOver({ has: ['file'] }, { files: [image] })).toBe(false);
});

it('a search for images skips messages with other files only', () => {
  expect(isPassedOver({ has: ['image'] }, { files: [file] })).toBe(true);
  expect(isPassedOver({ has: ['image'] }, { files: [file, image] })).toBe(false);
});

it('a search for links skips messages without one', () => {
  expect(isPassedOver({ has: ['link'] })).toBe(true);
  expect(isPassedOver({ has: ['link'] }, { text: 'see HTTPS://example.org' })).toBe(false);
});

it('a search by author skips messages of other authors', () => {
  expect(isPassedOver({ senders: [3, 4] })).toBe(true);
  expect(isPassedOver({ senders: [3, 2] })).toBe(false);
  expect(isPassedOver({ senders: null })).toBe(false);
});

it('file names are searched like text', () => {
  const terms = [{ text: 'plan', whole: true }];
  expect(isPassedOver({ terms })).toBe(true);
  expect(isPassedOver({ terms }, { files: [file] })).toBe(false);
});

it('a service message is skipped', () => {
  const tokens = new Set<string>();
  messageTokens({ body: { kind: 'service', service: { change: 'left' } }, sender: 2 }, tokens);
  expect(tokens).toEqual(new Set());
});
