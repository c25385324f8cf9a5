import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { files, root } from './tree.mjs';

const wordsMax = 200;

/** Words that English prose rarely needs here, and sentences that begin with "who". Identifiers count too. */
const marks = [/\b(told|anew|beside|goes on|nobody|whoever)\b/gi, /(?:[.:;(*] |\/\/ |^)\s*who\b/gim];

/** Checks that prose stays plain: counts the words that mark the old dialect, and names the files with most of them. */
export function checkWords() {
  const counts = files(/\.(ts|tsx|md|mjs)$/)
    .map((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      return [marks.reduce((sum, mark) => sum + (text.match(mark)?.length ?? 0), 0), path];
    })
    .sort(([a], [b]) => b - a);
  const total = counts.reduce((sum, [count]) => sum + count, 0);
  if (total < wordsMax) return null;
  const most = counts.slice(0, 10).map(([count, path]) => `${String(count).padStart(4)} ${path}`);
  return `${total} words such as "told", "anew", "whoever"; at most ${wordsMax - 1}. Most are in\n${most.join('\n')}`;
}
