import { expect, test } from 'vitest';
import { en } from '../i18n/en.js';
import type { WireView } from './wire-view.js';
import { stateWords } from './wire-words.js';

test.each<[WireView, string]>([
  [{ line: 'fine', transport: null, roundTripMs: null }, 'Connecting'],
  [{ line: 'fine', transport: 'websocket', roundTripMs: 24 }, 'Live'],
  [{ line: 'stream', transport: 'event-stream', roundTripMs: 24 }, 'Live'],
  [{ line: 'poll', transport: 'long-poll', roundTripMs: 24 }, 'Live'],
  [{ line: 'slow', transport: 'long-poll', roundTripMs: 900 }, 'Slow connection'],
  [{ line: 'again', first: true }, 'Connecting'],
  [{ line: 'again', first: false }, 'Reconnecting'],
  [{ line: 'cut', retry: 'always' }, 'Offline'],
])('stateWords(%j) is %s', (view, words) => {
  expect(stateWords(view, en)).toBe(words);
});
