import { describe, expect, it } from 'vitest';
import { BodySize } from './body-size.js';

// Tests `BodySize`, which learns how large a body (a POST with messages) may be in this network. A body fails by status
// 413 (refused) or because its connection is cut; `most` is the size to use next, in bytes.

/**
 * Sends bodies of the largest allowed size, at most 256 KiB, one every 10 ms.
 *
 * @param passes returns the fate of a body of this size: `true` if it arrives, `false` for a 413, `cut` for a cut connection
 * @returns the size of each body
 */
function sendBodies(
  size: BodySize,
  passes: (bytes: number) => boolean | 'cut',
  times: number,
  now: { ms: number },
): number[] {
  return Array.from({ length: times }, () => {
    now.ms += 10;
    const bytes = Math.min(size.most, 262_144);
    const outcome = passes(bytes);
    if (outcome === true) size.passed(bytes, now.ms);
    else size.failed(bytes, outcome !== 'cut', now.ms);
    return bytes;
  });
}

describe('the body size of a network', () => {
  it('[SN-46.1] [SN-46.4] a 413 halves the body size, which then approaches the refused size within a tenth', () => {
    const size = new BodySize();
    const sizes = sendBodies(size, (bytes) => bytes <= 2000, 30, { ms: 0 });
    expect(sizes.slice(0, 9)).toEqual([262_144, 131_072, 65_536, 32_768, 16_384, 8192, 4096, 2048, 1024]);
    expect(sizes.filter((bytes) => bytes > 2000)).toHaveLength(8);
    expect(size.most).toBeGreaterThan(1700);
    expect(size.known).toBe(size.most);
  });

  it('[SN-46.2] a second cut in a row reduces the body size to an eighth', () => {
    const size = new BodySize();
    const sizes = sendBodies(size, (bytes) => (bytes <= 2000 ? true : 'cut'), 8, { ms: 0 });
    expect(sizes).toEqual([262_144, 262_144, 32_768, 32_768, 4096, 4096, 512, 1024]);
  });

  it('[SN-46.3] the body size stays at or above 256 bytes and above the size that passed, until that fails too', () => {
    const size = new BodySize();
    size.passed(100_000, 0);
    size.failed(150_000, true, 10);
    expect(size.most).toBe(100_000);
    size.failed(100_000, true, 20);
    expect(size.most).toBe(50_000);
    sendBodies(size, () => false, 20, { ms: 30 });
    expect(size.most).toBe(256);
  });

  it('[SN-46.5] an outage in which bodies of a proven size fail leaves no size limit', () => {
    const size = new BodySize();
    size.passed(50_000, 0);
    for (let k = 0; k < 6; k += 1) size.failed(40_000, false, 100 + k);
    expect([size.known, size.most]).toEqual([undefined, 5000]);
    const sizes = sendBodies(size, () => true, 5, { ms: 200 });
    expect(sizes).toEqual([5000, 10_000, 20_000, 40_000, 80_000]);
    size.passed(150_000, 1000);
    expect(size.most).toBe(320_000);
  });

  it('[SN-46.6] a size limit learnt from a cut expires by time alone, even after further cuts', () => {
    const size = new BodySize();
    size.passed(50_000, 0);
    for (let at = 100; at < 2100; at += 50) size.failed(40_000, false, at);
    expect(size.most).toBe(5000);
    size.passed(50, 2200);
    expect(size.most).toBe(Number.POSITIVE_INFINITY);
    // The pauses grow while nothing of that size passes, and start from the shortest again when it does.
    for (let k = 0; k < 2; k += 1) size.failed(40_000, false, 3000);
    size.passed(50, 5001);
    expect(size.most).toBe(5000);
    size.passed(50, 7001);
    size.passed(40_000, 7002);
    for (let k = 0; k < 2; k += 1) size.failed(60_000, false, 8000);
    size.passed(50, 10_001);
    expect(size.most).toBe(Number.POSITIVE_INFINITY);
  });

  it('[SN-46.6] a size refused by 413 is tried again after 30 s, and later each time', () => {
    const size = new BodySize();
    const now = { ms: 0 };
    const refusals = (): number =>
      sendBodies(size, (bytes) => bytes <= 2000, 40, now).filter((bytes) => bytes > 2000).length;
    refusals();
    expect(refusals()).toBe(0);
    now.ms = 31_000;
    expect(refusals()).toBeGreaterThan(0);
    now.ms += 31_000;
    expect(refusals()).toBe(0);
    now.ms += 30_000;
    expect(refusals()).toBeGreaterThan(0);
    now.ms += 300_000;
    expect(sendBodies(size, () => true, 20, now).at(-1)).toBe(262_144);
  });

  it('[SN-46.6] a size refused by a cut is tried again after 2 s', () => {
    const size = new BodySize();
    size.passed(1000, 0);
    size.failed(9000, false, 10);
    size.failed(9000, false, 20);
    expect([size.known, size.most]).toEqual([1000, 1125]);
    const now = { ms: 20 };
    const largest = (): number => Math.max(...sendBodies(size, (bytes) => (bytes <= 2000 ? true : 'cut'), 60, now));
    expect(largest()).toBeLessThan(3000);
    const settled = size.most;
    expect([largest(), settled > 1700]).toEqual([settled, true]);
    now.ms = 2600;
    expect(largest()).toBeGreaterThan(3000);
  });

  it('[SN-46.9] the smallest bodies count as blocked after two 413s, or after more than three cuts over 4 s', () => {
    const refused = new BodySize();
    refused.failed(200, true, 5);
    expect(refused.stuckSince).toBeNull();
    refused.failed(180, true, 6);
    expect([refused.stuckSince, refused.stuckBytes, refused.isStated]).toEqual([6, 180, true]);
    refused.passed(200, 7);
    expect(refused.stuckSince).toBeNull();
    const cut = new BodySize();
    for (let k = 0; k < 10; k += 1) cut.failed(200, false, 100 + k);
    expect(cut.stuckSince).toBeNull();
    cut.failed(200, false, 4100);
    expect([cut.stuckSince, cut.isStated]).toEqual([4100, false]);
    cut.freed();
    for (const at of [5000, 9000, 9100]) cut.failed(200, false, at);
    expect(cut.stuckSince).toBeNull();
    cut.failed(200, false, 9200);
    expect(cut.stuckSince).toBe(9200);
    cut.assume(undefined, 9300);
    expect(cut.stuckSince).toBeNull();
  });

  it('[SN-46.11] once the smallest size was refused, whole messages are limited to a sixth of it until something passes', () => {
    const size = new BodySize();
    size.failed(250, true, 0);
    expect(Math.floor(size.mostWhole)).toBe(42);
    size.passed(256, 1);
    expect(size.mostWhole).toBe(size.most);
    size.failed(250, false, 2);
    expect(size.mostWhole).toBe(size.most);
    size.failed(250, false, 3);
    expect(Math.floor(size.mostWhole)).toBe(42);
  });

  it('[SN-46.8] the known limit of a network is used from the start', () => {
    const size = new BodySize();
    size.assume(1500, 0);
    expect(sendBodies(size, () => true, 5, { ms: 0 })).toEqual([1500, 1500, 1500, 1500, 1500]);
    expect(sendBodies(size, () => true, 3, { ms: 31_000 })).toEqual([1500, 3000, 262_144]);
    size.assume(undefined, 0);
    expect(size.most).toBe(Number.POSITIVE_INFINITY);
  });
});
