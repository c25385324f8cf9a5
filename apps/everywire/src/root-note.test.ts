import { expect, test } from 'vitest';
import { rootNote } from './root-note.js';

test('only root is warned to use another user', () => {
  expect([rootNote(1_000), rootNote(undefined)]).toEqual([null, null]);
  expect(rootNote(0)).toMatch(/^Everywire runs as root, .*EVERYWIRE_DATA/);
});
