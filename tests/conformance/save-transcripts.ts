import { writeFileSync } from 'node:fs';
import { writeTranscripts } from './write-transcripts.js';

/** `npm run transcripts`: rewrites docs/spec/transcripts.md. */
writeFileSync('docs/spec/transcripts.md', await writeTranscripts());
process.exit(0);
