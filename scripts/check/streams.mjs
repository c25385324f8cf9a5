import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { files, root } from './tree.mjs';

const sources = /^(packages|apps)\/[\w-]+\/src\/(?!.*\.test\.ts$).*\.ts$/;
/** `Readable.from` of anything but an array that is written out. */
const wrapped = /\bReadable\.from\((?!\[)/;
const allowed = /\binstanceof Readable \?/;

/**
 * No stream is put around another: destroyed before its first byte was asked for, as where a client leaves early, it does not destroy what it stands
 * around, and a file stays open until the process ends.
 */
export function checkStreams() {
  const problems = [];
  for (const path of files(sources)) {
    for (const [index, line] of readFileSync(join(root, path), 'utf8').split('\n').entries()) {
      if (wrapped.test(line) && !allowed.test(line))
        problems.push(
          `${path}:${index + 1}: Readable.from may be given a stream, which it never closes; send the stream`,
        );
    }
  }
  return problems.length > 0 ? problems.join('\n') : null;
}
