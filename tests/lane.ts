/** Whether tests check times and memory. Not in `npm test`, because other suites run on the same cores. */
export const assertsFigures = process.env['EVERYWIRE_LANE'] !== 'quick';

/**
 * Returns the tags of a row in a table of tests: none if `npm test` runs it, `wide` if only `npm run test:all` does.
 */
export function wideUnless(quick: boolean): string[] {
  return quick ? [] : ['wide'];
}
