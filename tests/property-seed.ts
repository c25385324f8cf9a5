import fc from 'fast-check';

/**
 * Property tests use the same values in each `npm test`, so that results do not depend on chance; `test:long` draws new
 * ones. A failure prints its seed: `EVERYWIRE_SEED=n npx vitest run FILE` repeats it.
 */
const seed = process.env['EVERYWIRE_SEED'] ?? (process.env['EVERYWIRE_LONG'] ? undefined : '20261120');
if (seed !== undefined) fc.configureGlobal({ seed: Number(seed) });
