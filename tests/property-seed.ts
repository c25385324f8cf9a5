import fc from 'fast-check';

/**
 * Properties are tried on the same values in each `npm test`, so that a change is judged and not its luck; `test:long` draws
 * new ones. A failure prints its seed: `EVERYWIRE_SEED=n npx vitest run FILE` tries it again.
 */
const seed = process.env['EVERYWIRE_SEED'] ?? (process.env['EVERYWIRE_LONG'] ? undefined : '20261120');
if (seed !== undefined) fc.configureGlobal({ seed: Number(seed) });
