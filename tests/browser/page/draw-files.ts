import type { Page, Route } from 'playwright-core';

/**
 * Answers requests for files, of which the fixture has no bytes: a drawn landscape for an image, silence for a voice
 * message.
 */
export async function drawFiles(page: Page): Promise<void> {
  await page.route('**/api/files/**', draw);
}

function draw(route: Route): Promise<void> {
  if (route.request().resourceType() === 'media') return route.fulfill({ contentType: 'audio/wav', body: silence() });
  const hue = [...route.request().url()].reduce((sum, sign) => sum + sign.charCodeAt(0) * 7, 0) % 360;
  const body = `<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="1200"><rect width="1600" height="1200" fill="hsl(${hue} 30% 72%)"/><rect y="760" width="1600" height="440" fill="hsl(${hue} 24% 44%)"/></svg>`;
  return route.fulfill({ contentType: 'image/svg+xml', body });
}

/** Returns a WAV file of silence: 8-bit mono at 8 kHz. */
export function silence(seconds = 7): Buffer {
  const samples = seconds * 8_000;
  const sound = Buffer.alloc(44 + samples, 128);
  sound.write('RIFF', 0);
  sound.writeUInt32LE(36 + samples, 4);
  sound.write('WAVEfmt ', 8);
  const long = [
    [16, 16],
    [24, 8_000],
    [28, 8_000],
    [40, samples],
  ] as const;
  for (const [at, value] of long) sound.writeUInt32LE(value, at);
  const short = [
    [20, 1],
    [22, 1],
    [32, 1],
    [34, 8],
  ] as const;
  for (const [at, value] of short) sound.writeUInt16LE(value, at);
  sound.write('data', 36);
  return sound;
}
