/** Returns the tags of one row of a table of tests: none where `npm test` runs it, `wide` where it is left to `npm run test:all`. */
export function wideUnless(quick: boolean): string[] {
  return quick ? [] : ['wide'];
}
