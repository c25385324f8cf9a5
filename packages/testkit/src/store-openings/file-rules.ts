import type { FileRef } from '@everywire/chat';
import { expect } from 'vitest';
import { type DrivenOpening, type OpeningRule, race } from './race.js';

const ANN = 1;
const fileId = (number: number): string => number.toString(16).padStart(32, 'f');

/** Rules about the counting and removal of files. */
export const fileRules: readonly OpeningRule[] = [
  {
    title: 'no person exceeds the quota of bytes',
    check: async (openings, first) => {
      const add = (number: number) => (at: DrivenOpening) =>
        at.store.addFile({ id: fileId(number), owner: ANN, size: 600, at: 10 }, 1_000);
      expect((await race(openings, first, add(1), add(2))).sort()).toEqual(['added', 'over_quota']);
    },
  },
  {
    title: 'an unused file is either attached or removed, never both',
    check: async (openings, first) => {
      const id = fileId(1);
      const ref: FileRef = { id, name: 'a.bin', kind: 'file', type: 'application/octet-stream', size: 5 };
      await openings.here.store.addFile({ id, owner: ANN, size: 5, at: 10 }, 1_000);
      await openings.here.store.finishFile(id, ref, 10, 5);
      const [attachable, forgotten] = await race(
        openings,
        first,
        (at) => at.store.attachableFiles(ANN, [id], 20),
        (at) => at.store.forgetFiles([id], 15),
      );
      expect([attachable.length + forgotten.length, (await openings.there.store.recordedFiles([id])).length]).toEqual([
        ...[1, attachable.length],
      ]);
    },
  },
];
