import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chatErrorCodes, errorSentence, type RestErrorCode } from '@everywire/chat';
import { expect, test } from 'vitest';

// Tests that the table of error codes and the sources agree: each code is used, and has a sentence for users.

const root = join(import.meta.dirname, '../../..');
const codes = Object.keys(chatErrorCodes) as RestErrorCode[];

function* sources(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (/(?<!\.test)\.ts$/.test(entry.name) && entry.name !== 'chat-error-codes.ts')
      yield readFileSync(path, 'utf8');
  }
}

/**
 * The sources that can refuse: the domain, its stores, the server. The compiler checks that a thrown code is in the
 * table.
 */
const text = ['chat', 'chat-server', 'store-sqlite', 'store-memory', 'files-directory']
  .flatMap((name) => [...sources(join(root, 'packages', name, 'src'))])
  .join('\n');

/** For resolving names in searches; the command is not implemented yet. */
const toCome: readonly RestErrorCode[] = ['search_from', 'search_in'];

test.each(codes.filter((code) => !toCome.includes(code)))('the code %s is thrown somewhere', (code) => {
  expect(text.includes(`'${code}'`)).toBe(true);
});

test('the specification has the same error table, in both languages', () => {
  const page = readFileSync(join(root, 'docs/spec/commands.md'), 'utf8');
  const rows = page.split('\n').filter((line) => /^\| `[a-z_]+` \| \d{3} \|/.test(line));
  expect(rows).toEqual(
    codes.map((code) => {
      const { httpStatus, retryable } = chatErrorCodes[code];
      const words = `${errorSentence(code, 'en')} | ${errorSentence(code, 'zh')}`;
      return `| \`${code}\` | ${httpStatus} | ${retryable ? 'yes' : 'no'} | ${words} |`;
    }),
  );
});
