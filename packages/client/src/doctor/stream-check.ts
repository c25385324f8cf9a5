import { postOf } from './ask.js';
import { type ExamineContext, within } from './examine-context.js';
import { randomId } from './random-id.js';
import type { Finding } from './report.js';

/**
 * One received line of the stream. `n`: its number, from 0. In milliseconds: `at`, when the server wrote it, since the
 * head of the response; `came`, when it arrived, since our request.
 */
interface Piece {
  readonly n: number;
  readonly at: number;
  readonly came: number;
}

/** A stream that was read. */
interface Stream {
  readonly pieces: readonly Piece[];
  /** Whether the response was complete. */
  readonly whole: boolean;
  /** When the stream was requested, by `performance.now()`, and the number of milliseconds after which it ended. */
  readonly begun: number;
  readonly ended: number;
  /** HTTP status; 0 without a response. */
  readonly status: number;
}

/** Interval between the lines of the first stream in milliseconds. The second stream uses twice as much. */
const STEP_MS = 200;
/** Bytes of the large line. Larger than the buffer of any intermediary that collects data before it forwards them. */
const LARGE_BYTES = 20_000;
const SMALL_BYTES = 64;
/**
 * Two small lines, a large one, and three small ones. An intermediary that collects data forwards the first lines only
 * together with the large one.
 */
const BYTES = [SMALL_BYTES, SMALL_BYTES, LARGE_BYTES, SMALL_BYTES, SMALL_BYTES, SMALL_BYTES];
/**
 * Maximum bytes read of a stream. Our server limits it to 32 kB (TR-50), but another server may answer and write
 * without end.
 */
const STREAM_BYTES_MAX = 65_536;

/**
 * Checks how a stream arrives: immediately, only when complete, in larger pieces, or without its beginning. A pause of
 * this machine or of the network could look the same, so a finding must be confirmed by a second, slower stream.
 */
export async function checkStream(context: ExamineContext, roundTripMs: number): Promise<Finding | null> {
  const finding = judge(await readStream(context, STEP_MS, roundTripMs));
  return finding && judge(await readStream(context, 2 * STEP_MS, roundTripMs));
}

function readStream(context: ExamineContext, stepMs: number, roundTripMs: number): Promise<Stream> {
  const pieces = BYTES.map((bytes, at) => [at * stepMs, bytes] as const);
  return readPieces(context, pieces, BYTES.length * stepMs + 4 * roundTripMs + 3000);
}

/**
 * Requests a stream and reads it to its end, at most for `ms` milliseconds. `pieces`: for each line, when the server is
 * to write it and how long it is. Never rejects.
 */
export function readPieces(
  context: ExamineContext,
  pieces: readonly (readonly [ms: number, bytes: number])[],
  ms: number,
): Promise<Stream> {
  const begun = performance.now();
  const got: Piece[] = [];
  let status = 0;
  const stream = (whole: boolean): Stream => ({
    pieces: got,
    whole,
    status,
    begun,
    ended: performance.now() - begun,
  });
  return within(ms, context, async (signal) => {
    try {
      const body = JSON.stringify({ id: randomId(), pieces });
      const response = await fetch(`${context.url}/doctor`, postOf(body, signal));
      status = response.status;
      if (!response.ok || !response.body) return stream(false);
      await readLines(response.body.getReader(), (line) => {
        const { n, at } = JSON.parse(line) as Piece;
        got.push({ n, at, came: performance.now() - begun });
      });
      return stream(true);
    } catch {
      return stream(false);
    }
  });
}

/** Reads lines, and cancels the stream if it does not end. @throws Error above `STREAM_BYTES_MAX` */
async function readLines(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  onLine: (line: string) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      bytes += part.value.length;
      if (bytes > STREAM_BYTES_MAX) throw new Error('The stream is longer than requested.');
      const lines = (text + decoder.decode(part.value, { stream: true })).split('\n');
      text = lines.pop() as string;
      for (const line of lines) onLine(line);
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

/** Returns the problem that a received stream shows; `null` if there is none. */
function judge({ pieces, whole, ended, status }: Stream): Finding | null {
  // The server is too busy for another examination, which says nothing about the path.
  if (status === 503) return null;
  if (pieces.length === 0)
    return { code: 'stream_cut', evidence: { ...(status > 0 && { status }), ms: Math.round(ended) } };
  if (pieces[0]!.n > 0) return { code: 'stream_beheaded', evidence: { lost: pieces[0]!.n } };
  const last = pieces.at(-1)!;
  const heldMs = Math.round(Math.max(...pieces.map((piece) => heldBehind(piece, pieces))));
  if (heldMs > 0) {
    const together = last.came - pieces[0]!.came;
    // All lines arrived within a third of the time that it took to write them.
    if (whole && together < (last.at - pieces[0]!.at) / 3)
      return { code: 'stream_buffered', evidence: { ms: Math.round(last.at) } };
    return { code: 'stream_gathered', evidence: { ms: heldMs } };
  }
  return whole ? null : { code: 'stream_cut', evidence: { lines: pieces.length, ms: Math.round(ended) } };
}

/**
 * Returns the milliseconds for which a line was held back until a later one was written; 0 if it was not. A line was
 * held back if both arrived together although most of a step lies between their writing. A slow path delays all lines
 * alike, so it does not count.
 */
function heldBehind(piece: Piece, pieces: readonly Piece[]): number {
  const later = pieces.filter(({ at, came }) => at - piece.at >= STEP_MS * 0.8 && came - piece.came < STEP_MS / 4);
  return Math.max(0, ...later.map(({ at }) => at - piece.at));
}
