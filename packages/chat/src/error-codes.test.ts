import { expect, it } from 'vitest';
import { commandErrorCodes, errorCodes, errorSentence, type RestErrorCode } from './error-codes.js';

const codes = Object.keys(errorCodes) as RestErrorCode[];

it.each(codes)('says what %s means, in both languages, and with which status', (code) => {
  const { en, zh, httpStatus } = errorCodes[code];
  expect(en).toMatch(/^[a-z].*[^.]$/);
  expect(zh).toMatch(/\p{Script=Han}.*[^。]$/u);
  expect(errorSentence(code, 'en')).toMatch(/^[A-Z].*\.$/);
  expect(errorSentence(code, 'zh')).toMatch(/。$/);
  expect(httpStatus).toBeGreaterThanOrEqual(400);
  expect(httpStatus).toBeLessThan(600);
});

it('asks to try again only what can come out differently', () => {
  expect(codes.filter((code) => errorCodes[code].retryable)).toEqual([
    ...['rate_limited', 'busy', 'full', 'unknown', 'internal', 'upload_unfinished'],
  ]);
});

it('knows what a command can be answered with', () => {
  expect(commandErrorCodes).toContain('edit_conflict');
  expect(commandErrorCodes).not.toContain('name_taken');
});
