import { afterEach, expect, test, vi } from 'vitest';
import { moves } from './moves.js';

const letters = (text: string) => [...text].map((letter) => letter.charCodeAt(0));
const png = (...chunks: readonly (readonly [name: string, bytes: number])[]) => [
  ...[0x89, ...letters('PNG\r\n'), 0x1a, 0x0a],
  ...chunks.flatMap(([name, bytes]) => [0, 0, bytes >> 8, bytes & 255, ...letters(name), ...Array(bytes + 4).fill(0)]),
];
const webp = (chunk: string, flags: number) => [
  ...letters('RIFF'),
  9,
  0,
  0,
  0,
  ...letters('WEBP'),
  ...letters(chunk),
  10,
  0,
  0,
  0,
  flags,
  0,
  0,
  0,
];

afterEach(() => vi.unstubAllGlobals());

let ids = 0;
async function movesWith(type: string, bytes: readonly number[]) {
  const fetched = vi.fn(async () => new Response(Uint8Array.from(bytes), { status: 206 }));
  vi.stubGlobal('fetch', fetched);
  const file = { id: `${ids++}`, name: 'a', kind: 'image', type, size: 9 } as const;
  const answers = [await moves(file), await moves(file)];
  return { moves: answers[0] && answers[1], requests: fetched.mock.calls.length };
}

test.each([
  ['a GIF', 'image/gif', [], true],
  [
    'a PNG with frames behind a colour profile',
    'image/png',
    png(['IHDR', 13], ['iCCP', 3_000], ['acTL', 8], ['IDAT', 9]),
    true,
  ],
  ['a PNG', 'image/png', png(['IHDR', 13], ['IDAT', 9], ['acTL', 8]), false],
  ['a PNG that is cut off', 'image/png', png(['IHDR', 13]).slice(0, 20), false],
  ['a WebP with frames', 'image/webp', webp('VP8X', 0x12), true],
  ['an extended WebP', 'image/webp', webp('VP8X', 0x10), false],
  ['a simple WebP', 'image/webp', webp('VP8 ', 0x02), false],
  ['a JPEG', 'image/jpeg', [], false],
] as const)('%s is told by the start of the file, read once', async (_, type, bytes, expected) => {
  const read = await movesWith(type, bytes);
  expect(read).toEqual({ moves: expected, requests: type === 'image/png' || type === 'image/webp' ? 1 : 0 });
});
