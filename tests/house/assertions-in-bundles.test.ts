import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

/** Returns the text of all code that a program loads when it imports these names from this package. */
async function bundleOf(entry: string, names: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `export { ${names} } from '${entry}';`,
      resolveDir: fileURLToPath(new URL('../..', import.meta.url)),
    },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    conditions: ['source'],
    logLevel: 'silent',
    outdir: 'unused',
    splitting: true,
  });
  return outputFiles.map(({ text }) => text).join('\n');
}

it.each([
  ['@everywire/client', 'createWireClient', 'everywire.2'],
  ['@everywire/chat-client', 'createChatClient', 'watchPresence'],
])('the code that a page loads of %s contains no assertions of the server', async (entry, names, sign) => {
  const text = await bundleOf(entry, names);
  expect(text).toContain(sign);
  for (const word of ['InvariantError', 'acked <= written', 'settled <= received', 'periods are sorted'])
    expect([word, text.includes(word)]).toEqual([word, false]);
});

it('the code that a server loads contains its assertions, so the test of pages can find them', async () => {
  const text = await bundleOf('./packages/protocol/src/session/session-registry.ts', 'SessionRegistry');
  for (const word of ['InvariantError', 'acked <= written', 'settled <= received']) expect(text).toContain(word);
  expect(await bundleOf('@everywire/chat', 'planCommand')).toContain('periods are sorted');
});
