/** Whether figures of time and memory are asserted: not in `npm test`, where other suites run on the same cores. */
export const assertsFigures = process.env['EVERYWIRE_LANE'] !== 'quick';

/** Returns the tags of one row of a table of tests: none where `npm test` runs it, `wide` where it is left to `npm run test:all`. */
export function wideUnless(quick: boolean): string[] {
  return quick ? [] : ['wide'];
}
