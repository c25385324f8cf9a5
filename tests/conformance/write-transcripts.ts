import { frameBytes } from '../../packages/conformance/src/frames.js';
import { parseTarget } from '../../packages/conformance/src/index.js';
import { listen } from './listen.js';
import { scenes } from './scenes.js';
import { scriptScenes } from './script-scenes.js';
import { textScenes } from './text-scenes.js';
import { Transcript } from './transcript.js';

const head = `# Transcripts

One conversation for each way to travel, as our server has it: \`tests/conformance/transcripts.test.ts\` plays them again and compares every line. The
server runs the application of [conformance.md](conformance.md), which sends back what it is told. After a change that is meant,
\`npm run transcripts\` writes this file anew.

\`C>\` is the client, \`S>\` the server. Of frames the opcode and the unmasked payload are shown, \`\\0\` is the byte 0, binary payloads are in hex. What is random
has a name: \`SESSION-ID\`, \`TICKET-1\`. Heads are shown without \`Date\` and what HTTP/1.1 says of the connection; lengths are left out. Chunks are joined.
`;

const hex = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString('hex')
    .replaceAll(/..(?=.)/g, '$& ');

/** The frames of a client are masked; this key is as good as any here. */
function frameExamples(): string {
  const rows: readonly (readonly [string, Buffer])[] = [
    ['the text `hi`', frameBytes({ opcode: 1, payload: 'hi', masked: false })],
    ['the bytes 0, 1, 255', frameBytes({ opcode: 2, payload: Uint8Array.of(0, 1, 255), masked: false })],
    ['a text of U+0000 and `a`', frameBytes({ opcode: 1, payload: '\0\0a', masked: false })],
    [
      'the record `{"t":"from","first":1}`',
      frameBytes({ opcode: 1, payload: '\0{"t":"from","first":1}', masked: false }),
    ],
    ['close, 1000', frameBytes({ opcode: 8, payload: Buffer.of(3, 232), masked: false })],
  ];
  const lines = rows.map(([what, bytes]) => `| ${what} | \`${hex(bytes)}\` |`);
  const masked = 'The first of them from a client, with the key `01 02 03 04`: `81 82 01 02 03 04 69 6b`.';
  return ['## Frames in bytes', '', '| Frame of a server | Bytes |', '|---|---|', ...lines, '', masked].join('\n');
}

/** However busy the machine is, a second poll comes before this. */
const TOO_SOON_MS = 60_000;

/** Plays every scene on a server of its own. @returns the whole document */
export async function writeTranscripts(): Promise<string> {
  const parts: string[] = [head, frameExamples(), ''];
  for (const { title, play } of [...scenes, ...textScenes, ...scriptScenes]) {
    const server = await listen({ shortPollMs: TOO_SOON_MS });
    const transcript = new Transcript(parseTarget(server.url));
    try {
      await play(transcript, server);
    } finally {
      await server.end();
    }
    parts.push(`## ${title}`, '', '```', transcript.text, '```', '');
  }
  return parts.join('\n');
}
