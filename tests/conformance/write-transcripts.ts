import { frameBytes } from '../../packages/conformance/src/frames.js';
import { parseTarget } from '../../packages/conformance/src/index.js';
import { listen } from './listen.js';
import { scenes } from './scenes.js';
import { scriptScenes } from './script-scenes.js';
import { textScenes } from './text-scenes.js';
import { Transcript } from './transcript.js';

const head = `# Transcripts

One conversation for each transport with our server. \`tests/conformance/transcripts.test.ts\` replays them and compares every line. The server runs the application
of [conformance.md](conformance.md), which echoes messages. After an intended change, run \`npm run transcripts\` to regenerate this file.

\`C>\` marks the client, \`S>\` the server. A frame is shown as its opcode and unmasked payload. \`\\0\` is the byte 0, and binary payloads are in hex. Random values are
replaced by names: \`SESSION-ID\`, \`TICKET-1\`. HTTP heads are shown without \`Date\`, connection headers and lengths. Chunks are joined.
`;

const hex = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString('hex')
    .replaceAll(/..(?=.)/g, '$& ');

/** Returns a table of example frames. Client frames are masked; the key in the example is arbitrary. */
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
  const masked = 'The first one, sent by a client with the key `01 02 03 04`: `81 82 01 02 03 04 69 6b`.';
  return ['## Frames in bytes', '', '| Frame of a server | Bytes |', '|---|---|', ...lines, '', masked].join('\n');
}

/** Long enough that the second poll is always too soon, even on a busy machine. */
const TOO_SOON_MS = 60_000;

/** Plays every scene against a new server. @returns the whole document */
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
