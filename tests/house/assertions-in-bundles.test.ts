import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

/** What a program that imports these names from this package loads, as text. */
async function bundleOf(entry: string, names: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `export { ${names} } from '${entry}';`,
      resolveDir: fileURLToPath(new URL('../..', import.meta.url)),
    },
    ...{ bundle: true, write: false, format: 'esm', platform: 'browser', conditions: ['source'], logLevel: 'silent' },
    outdir: 'unused',
    splitting: true,
  });
  return outputFiles.map(({ text }) => text).join('\n');
}

it.each([
  ['@everywire/client', 'createWireClient', 'everywire.2'],
  ['@everywire/chat-client', 'createChatClient', 'watchPresence'],
])('what a page loads of %s has no assertion of the server', async (entry, names, sign) => {
  const text = await bundleOf(entry, names);
  expect(text).toContain(sign);
  for (const word of ['InvariantError', 'acked <= written', 'settled <= received', 'periods are sorted'])
    expect([word, text.includes(word)]).toEqual([word, false]);
});

it('what a server loads has them, so the test above would find them', async () => {
  const text = await bundleOf('./packages/protocol/src/session/session-registry.ts', 'SessionRegistry');
  for (const word of ['InvariantError', 'acked <= written', 'settled <= received']) expect(text).toContain(word);
  expect(await bundleOf('@everywire/chat', 'planCommand')).toContain('periods are sorted');
});
