import sharp from 'sharp';
import { afterAll, expect, it, vi } from 'vitest';

// Other tests of this process create the blocked formats.
afterAll(() => sharp.unblock({ operation: ['VipsForeignLoad'] }));

const drawn = () => sharp({ create: { width: 8, height: 8, channels: 3, background: '#2a6' } });

it('exactly the formats that are displayed can be decoded', async () => {
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>');
  const refused = [await drawn().tiff().toBuffer(), await drawn().avif().toBuffer(), svg];
  const read = await Promise.all([
    drawn().jpeg().toBuffer(),
    drawn().png().toBuffer(),
    drawn().webp().toBuffer(),
    drawn().gif().toBuffer(),
  ]);
  // Another file of this process may have loaded sharp and created blocked formats.
  vi.resetModules();
  const { loadSharp } = await import('./load-sharp.js');
  const library = await loadSharp();
  for (const bytes of read) expect(await library(bytes).metadata()).toMatchObject({ width: 8, height: 8 });
  for (const bytes of refused) await expect(library(bytes).metadata()).rejects.toThrow();
});
