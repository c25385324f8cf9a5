// @vitest-environment happy-dom
import type { ServerInfo } from '@everywire/chat-client';
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { en } from '../i18n/en.js';
import { PasswordRuleContext } from './password-rule.js';
import { Problem } from './problem.js';

afterEach(cleanup);

test.each([
  ['offline', true],
  ['busy', true],
  ['not_found', false],
])('a failure with the code %s can be retried: %s', (code, isRetryable) => {
  const onRetry = vi.fn();
  render(<Problem code={code} onRetry={onRetry} />);
  screen.queryByRole('button', { name: en.retry })?.click();
  expect(onRetry).toHaveBeenCalledTimes(isRetryable ? 1 : 0);
});

test('without a failure, and without a way to repeat it, there is no retry button', () => {
  render(<Problem code={null} onRetry={() => undefined} />);
  render(<Problem code="offline" />);
  expect(screen.queryAllByRole('button')).toEqual([]);
});

test('the refusal of a password states the lengths that the server accepts', async () => {
  const place = { name: 'Terns', passwordCharactersMin: 12, passwordCharactersMax: 64 } as Partial<ServerInfo>;
  render(
    <PasswordRuleContext value={async () => place as ServerInfo}>
      <Problem code="password_invalid" />
    </PasswordRuleContext>,
  );
  expect(await screen.findByText('Use 12 to 64 characters for the password')).toBeDefined();
});
