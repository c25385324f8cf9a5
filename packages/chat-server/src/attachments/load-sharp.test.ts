import sharp from 'sharp';
import { afterAll, expect, it, vi } from 'vitest';

// Other tests of this process create the blocked formats.
afterAll(() => sharp.unblock({ operation: ['VipsForeignLoad'] }));

const createPicture = () => sharp({ create: { width: 8, height: 8, channels: 3, background: '#2a6' } });

it('exactly the formats that are displayed can be decoded', async () => {
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>');
  const refusedFiles = [await createPicture().tiff().toBuffer(), await createPicture().avif().toBuffer(), svg];
  const acceptedFiles = await Promise.all([
    createPicture().jpeg().toBuffer(),
    createPicture().png().toBuffer(),
    createPicture().webp().toBuffer(),
    createPicture().gif().toBuffer(),
  ]);
  // Another file of this process may have loaded sharp and created blocked formats.
  vi.resetModules();
  const { loadSharp } = await import('./load-sharp.js');
  const library = await loadSharp();
  for (const bytes of acceptedFiles) expect(await library(bytes).metadata()).toMatchObject({ width: 8, height: 8 });
  for (const bytes of refusedFiles) await expect(library(bytes).metadata()).rejects.toThrow();
});
