import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { writeTranscripts } from './write-transcripts.js';

it('the transcripts of the specification equal what our server does', async () => {
  const file = new URL('../../docs/spec/transcripts.md', import.meta.url);
  expect(await writeTranscripts(), 'if the change is intended: npm run transcripts').toBe(readFileSync(file, 'utf8'));
}, 60_000);
