import { expect, it } from 'vitest';
import { parseSnapshot, SnapshotVersionError } from './snapshot.js';

// Tests the version check of a snapshot, the text by which one server node hands a session over to another.

it('[SN-24.11] a snapshot of another version of the format is refused with an error that states both versions', () => {
  // The checksum of the format, over its name and the rest.
  const later = 'everywire-session-4 22ab85ebf974f391 [{},[],[],[]]';
  const parse = (text: string) => () => parseSnapshot(text, () => 0);
  expect(parse(later)).toThrow(SnapshotVersionError);
  expect(parse(later)).toThrow('format version 4, but this server reads version 3');
});

it('[SN-24.9] a snapshot with a damaged version is refused as damaged', () => {
  for (const text of ['everywire-session-4 364752ca57283e78 [{},[],[],[]]', 'everywire-session- 0', 'everywire', ''])
    expect(parseSnapshot(text, () => 0)).toBeNull();
});
