import { expect, it } from 'vitest';
import { errorCodes } from './error-codes.js';

it.each(Object.entries(errorCodes))(
  'says what %s means, in both languages, and whether to try again',
  (_code, meaning) => {
    expect(meaning.en).toMatch(/^[A-Z].*\.$/);
    expect(meaning.zh).toMatch(/\p{Script=Han}.*。$/u);
    expect(meaning.httpStatus).toBeGreaterThanOrEqual(400);
    expect(meaning.httpStatus).toBeLessThan(600);
  },
);

it('asks to try again only what can come out differently', () => {
  const again = Object.entries(errorCodes).filter(([, meaning]) => meaning.retryable);
  expect(again.map(([code]) => code)).toEqual(['rate_limited', 'busy', 'full', 'unknown', 'internal']);
});
