/**
 * `npm run check`: checks every rule of the project that a tool can check, in under two minutes.
 *
 * `node scripts/check.mjs --only layers` runs one step. `tests/house/` verifies that each step finds a seeded
 * violation.
 */
import { checkConstants } from './check/constants.mjs';
import { checkDocuments } from './check/documents.mjs';
import { checkFeatures } from './check/features.mjs';
import { checkInstanceof } from './check/instanceof.mjs';
import { checkLength } from './check/length.mjs';
import { checkMatrix } from './check/matrix.mjs';
import { checkPurity } from './check/purity.mjs';
import { checkRules } from './check/rules.mjs';
import { checkStreams } from './check/streams.mjs';
import { runTool } from './check/tool.mjs';
import { checkWords } from './check/words.mjs';

const steps = {
  types: () =>
    runTool('typescript/bin/tsc', ['-b']) ??
    runTool('typescript/bin/tsc', ['-p', 'tsconfig.tests.json']) ??
    runTool('typescript/bin/tsc', ['-p', 'apps/web']) ??
    runTool('typescript/bin/tsc', ['-p', 'apps/lab']),
  biome: () => runTool('@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '--max-diagnostics=50', '.']),
  layers: () =>
    runTool('dependency-cruiser/bin/dependency-cruiser.mjs', [
      '--config',
      '.dependency-cruiser.cjs',
      '--output-type',
      'err',
      'packages',
      'apps/everywire',
      'apps/classic',
      'apps/lab/src',
    ]),
  instanceof: checkInstanceof,
  purity: checkPurity,
  streams: checkStreams,
  matrix: checkMatrix,
  knip: () => runTool('knip/bin/knip.js', ['--no-progress']),
  size: () => runTool('size-limit/bin.js', []),
  length: checkLength,
  constants: checkConstants,
  words: checkWords,
  documents: checkDocuments,
  rules: checkRules,
  features: checkFeatures,
};

const onlyAt = process.argv.indexOf('--only');
const names = onlyAt > 0 ? process.argv[onlyAt + 1].split(',') : Object.keys(steps);
let failed = 0;
for (const name of names) {
  const startedAt = performance.now();
  const problem = await steps[name]();
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${problem ? 'FAIL' : 'ok  '} ${name.padEnd(10)} ${seconds} s`);
  if (problem) {
    failed += 1;
    console.log(problem.replace(/^/gm, '     '));
  }
}
process.exit(failed > 0 ? 1 : 0);
