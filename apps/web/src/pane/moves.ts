import type { FileRef } from '@everywire/chat';
import { fileAddress } from '../app/file-address.js';

/** What is read of a file. In a PNG, the chunk that announces frames comes before the pixels, at most after a colour profile. */
const HEAD_BYTES = 16_384;
/** Bytes before the first chunk of a PNG, and those of a chunk besides its content. */
const PNG_SIGNATURE_BYTES = 8;
const PNG_CHUNK_BYTES = 12;
/** In the flags of an extended WebP. */
const WEBP_ANIMATION = 0x02;

const answers = new Map<string, Promise<boolean>>();
/** The answers kept. Above it all are dropped and asked again. */
const ANSWERS_MAX = 1_000;

/** Returns whether a picture has several frames, of which its preview shows the first. Every GIF counts as one. Rejects if the file cannot be read. */
export function moves({ id, type }: FileRef): Promise<boolean> {
  if (type === 'image/gif') return Promise.resolve(true);
  if (type !== 'image/png' && type !== 'image/webp') return Promise.resolve(false);
  if (answers.size >= ANSWERS_MAX) answers.clear();
  const answer = answers.get(id) ?? readHead(id).then(type === 'image/png' ? pngMoves : webpMoves);
  answers.set(id, answer);
  answer.catch(() => answers.delete(id));
  return answer;
}

async function readHead(id: string): Promise<DataView> {
  const response = await fetch(fileAddress(id), { headers: { range: `bytes=0-${HEAD_BYTES - 1}` } });
  // Not the whole file: it may be large.
  if (response.status !== 206) throw new Error(`The file was answered with ${response.status}.`);
  return new DataView(await response.arrayBuffer());
}

/** Looks for an `acTL` chunk before the first `IDAT`. */
function pngMoves(head: DataView): boolean {
  let at = PNG_SIGNATURE_BYTES;
  while (at + PNG_CHUNK_BYTES <= head.byteLength) {
    const name = fourLetters(head, at + 4);
    if (name === 'acTL' || name === 'IDAT') return name === 'acTL';
    at += PNG_CHUNK_BYTES + head.getUint32(at);
  }
  return false;
}

function webpMoves(head: DataView): boolean {
  return head.byteLength > 20 && fourLetters(head, 12) === 'VP8X' && (head.getUint8(20) & WEBP_ANIMATION) !== 0;
}

function fourLetters(head: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((offset) => head.getUint8(at + offset)));
}
