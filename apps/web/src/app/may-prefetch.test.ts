// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest';
import { mayPrefetch } from './may-prefetch.js';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

interface Browser {
  readonly connection?: object;
  /** Media queries that match. */
  readonly media?: readonly string[];
  /** Milliseconds that the largest script took. */
  readonly scriptMs?: number;
}

/** Simulates a browser. Small files, such as the first script, are always fast. */
function browse({ connection, media = [], scriptMs = 100 }: Browser): void {
  vi.stubGlobal('navigator', connection === undefined ? {} : { connection });
  vi.stubGlobal('matchMedia', (query: string) => ({ matches: media.includes(query) }));
  const entry = (name: string, encodedBodySize: number, ms: number) =>
    ({ name, encodedBodySize, startTime: 50, responseEnd: 50 + ms }) as PerformanceResourceTiming;
  vi.spyOn(performance, 'getEntriesByType').mockReturnValue([
    entry('https://chat.example.org/first-paint.js', 700, 10),
    entry('https://chat.example.org/assets/index.js', 120_000, scriptMs),
    entry('https://chat.example.org/assets/index.css', 6_000, 10),
  ]);
}

const fast = { saveData: false, effectiveType: '4g' };
const reducedData = '(prefers-reduced-data: reduce)';

test.each<[string, Browser]>([
  ['a fast connection', { connection: fast }],
  ['a fast wifi', { connection: { ...fast, type: 'wifi' } }],
  ['a browser without the API whose script took a second', { scriptMs: 1_000 }],
])('%s allows to prefetch', (_what, browser) => {
  browse(browser);
  expect(mayPrefetch()).toBe(true);
});

test.each<[string, Browser]>([
  ['a browser that saves data', { connection: { ...fast, saveData: true } }],
  ['3g', { connection: { ...fast, effectiveType: '3g' } }],
  ['2g', { connection: { ...fast, effectiveType: '2g' } }],
  ['slow-2g', { connection: { ...fast, effectiveType: 'slow-2g' } }],
  ['a cellular connection', { connection: { ...fast, type: 'cellular' } }],
  ['a user who prefers reduced data', { connection: fast, media: [reducedData] }],
  ['a user who prefers reduced data, without the API', { media: [reducedData] }],
  ['a phone without the API', { media: ['(pointer: coarse)'] }],
  ['a browser without the API whose script took longer than a second', { scriptMs: 1_001 }],
])('%s does not allow to prefetch', (_what, browser) => {
  browse(browser);
  expect(mayPrefetch()).toBe(false);
});
