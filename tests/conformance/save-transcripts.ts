import { writeFileSync } from 'node:fs';
import { writeTranscripts } from './write-transcripts.js';

/** `npm run transcripts`: writes docs/spec/transcripts.md anew. */
writeFileSync('docs/spec/transcripts.md', await writeTranscripts());
process.exit(0);
