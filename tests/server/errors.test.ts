import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WireError as ClientError } from '@everywire/client';
import { errorCodes } from '@everywire/protocol';
import { WireError } from '@everywire/server';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/guides/errors.md'), 'utf8');
/** Each paragraph: its heading, and the text in italics at its beginning. */
const paragraphs = [
  ...page.matchAll(/^### (\S+)\n\n\*(either side|client|server); .*?; (retry|no retry)(?:; ([^.]+))?\.\*/gm),
];

/** Folders that are not searched. The codes of the doctor are in its own guide, which another test compares. */
const skippedFolders = new Set(['dist', 'node_modules', 'test-kit', 'doctor']);

/** Yields the text of each source file in a folder. */
function* sources(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !skippedFolders.has(entry.name)) yield* sources(path);
    else if (/(?<!\.test|\.d)\.ts$/.test(entry.name)) yield readFileSync(path, 'utf8');
  }
}

/** Patterns of the calls in the source that contain an error code. */
const codePatterns = [
  /\b(?:fail|onNotice|tell|errorJson|WireError)\(\s*'([a-z_]+)'/g,
  /\b(?:finish|end)\((?:true|false|this\.\w+), '([a-z_]+)'/g,
  /\brefuse\((?:\w+|\w+, \d+), '([a-z_]+)'/g,
  /\bfail\(\w+, \d+, '([a-z_]+)'/g,
  /\bcode: '([a-z_]+)'/g,
  /\brefused\(\d+, '([a-z_]+)'/g,
];
/** Codes of other tables: those of damaged frames, and names in snapshots and messages. */
const others = new Set(
  readFileSync(join(root, 'packages/protocol/src/frame/frame-error.ts'), 'utf8').match(/'[a-z_0-9]+'/g),
);

/** Returns all error codes in the source. */
function codesInSource(): Set<string> {
  const texts = ['protocol', 'client', 'server', 'gateway-sockjs', 'gateway-socketio'].flatMap((name) => [
    ...sources(join(root, `packages/${name}/src`)),
  ]);
  const found = texts.flatMap((text) =>
    codePatterns.flatMap((pattern) => [...text.matchAll(pattern)].map(([, code]) => code ?? '')),
  );
  return new Set(found);
}

describe('the table of error codes', () => {
  it('the table of error codes and its page have the same codes, with the same descriptions', () => {
    const documented = paragraphs.map(([, code, side, retry, transport]) => ({
      code,
      side: side === 'either side' ? 'either' : side,
      retryable: retry === 'retry',
      ...(transport === undefined ? undefined : { transport }),
    }));
    expect(documented).toEqual(errorCodes);
    expect(page.match(/^### /gm)).toHaveLength(errorCodes.length);
  });

  it('the table of error codes has every code in the source, once', () => {
    const known = new Set(errorCodes.map(({ code }) => code));
    expect(known.size).toBe(errorCodes.length);
    const missing = [...codesInSource()].filter((code) => !known.has(code) && !others.has(`'${code}'`));
    expect(missing).toEqual([]);
  });

  it.each([WireError, ClientError])('a %o refers to the page of error codes', (Kind) => {
    const error = new Kind('buffer_full');
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'WireError', code: 'buffer_full', transport: null, unknown: false });
    expect(error.docs).toBe('docs/guides/errors.md#buffer_full');
    expect(page).toContain('\n### buffer_full\n');
  });
});
