import { gzipSync } from 'node:zlib';
import { parse } from 'acorn';
import { beforeAll, expect, it } from 'vitest';
import { buildLegacy } from '../../scripts/legacy/build-legacy.mjs';
import { refuseLater } from '../../scripts/legacy/refuse-later.mjs';
import { describeInChromium } from './in-chromium.js';
import { describeInRhino } from './in-rhino.js';

/** The size limit in bytes, minified and gzipped. */
const SIZE_MAX = 20_200;

let code = '';
// Built once for all tests, because the build takes longer than most of them.
beforeAll(async () => {
  code = await buildLegacy();
});

it('the legacy build is ECMAScript 3 and within its size limit', () => {
  expect(() => parse(code, { ecmaVersion: 3 })).not.toThrow();
  // Strict mode is newer than ES3, so engines would treat the script differently.
  expect(code).not.toContain('use strict');
  expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(SIZE_MAX);
});

it.each([
  ['[1].forEach(f)', '.forEach()'],
  ['Object.keys({})', 'Object.keys'],
  ['new Map()', 'Map'],
  ['JSON.parse("")', 'JSON'],
  ['f.bind(this)', '.bind()'],
])('a build that contains %s fails', (code, word) => {
  expect(() => refuseLater(`(function (f) { ${code}; })(0);`)).toThrow(word);
});

describeInRhino(() => code);
describeInChromium(() => code);
