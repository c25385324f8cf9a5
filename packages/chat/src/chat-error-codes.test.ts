import { expect, it } from 'vitest';
import { chatErrorCodes, commandErrorCodes, errorSentence, type RestErrorCode } from './chat-error-codes.js';

const codes = Object.keys(chatErrorCodes) as RestErrorCode[];

it.each(codes)('the error code %s has a meaning in both languages, and a status', (code) => {
  const { en, zh, httpStatus } = chatErrorCodes[code];
  expect(en).toMatch(/^[a-z].*[^.]$/);
  expect(zh).toMatch(/\p{Script=Han}.*[^。]$/u);
  expect(errorSentence(code, 'en')).toMatch(/^[A-Z].*\.$/);
  expect(errorSentence(code, 'zh')).toMatch(/。$/);
  expect(httpStatus).toBeGreaterThanOrEqual(400);
  expect(httpStatus).toBeLessThan(600);
});

it('only errors whose result can change are retryable', () => {
  expect(codes.filter((code) => chatErrorCodes[code].retryable)).toEqual([
    ...['rate_limited', 'busy', 'full', 'unknown', 'internal', 'upload_unfinished'],
  ]);
});

it('the codes of commands exclude those of REST routes', () => {
  expect(commandErrorCodes).toContain('edit_conflict');
  expect(commandErrorCodes).not.toContain('name_taken');
});
