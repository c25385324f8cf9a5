// @vitest-environment happy-dom
import type { ServerInfo } from '@everywire/chat-client';
import { cleanup, renderHook } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { en } from '../i18n/en.js';
import { pendingCalls } from '../test-kit/pending-calls.js';
import { nameHint, PasswordRuleContext, passwordHint, useNameHint, usePasswordHint } from './password-rule.js';

const place = { name: 'Terns', registration: 'open', version: '1' } as Partial<ServerInfo> as ServerInfo;
const strict: ServerInfo = { ...place, passwordCharactersMin: 12, nameCharactersMin: 3, nameCharactersMax: 20 };

afterEach(cleanup);

test('the hints show the server’s rules, or the defaults of an older server', () => {
  expect([passwordHint(en, null), nameHint(en, null)]).toEqual([undefined, undefined]);
  expect([passwordHint(en, strict), nameHint(en, strict)]).toEqual([en.passwordHint(12), en.userNameHint(3, 20)]);
  expect([passwordHint(en, place), nameHint(en, place)]).toEqual([en.passwordHint(8), en.userNameHint(2, 32)]);
});

/** Renders the hooks. `initialProps`: whether the hint for the password is wanted. */
function open(initialProps: boolean) {
  const asks = pendingCalls<[], ServerInfo>();
  const { result, rerender, unmount } = renderHook((wanted: boolean) => [usePasswordHint(wanted), useNameHint()], {
    initialProps,
    wrapper: ({ children }) => <PasswordRuleContext value={asks.call}>{children}</PasswordRuleContext>,
  });
  return { asks, rerender, unmount, hints: () => result.current };
}

test('the server’s rules are loaded once a hint is wanted', async () => {
  const { asks, rerender, hints } = open(false);
  expect(asks.given).toHaveLength(1);
  await asks.answer(0, strict);
  expect(hints()).toEqual([undefined, en.userNameHint(3, 20)]);
  rerender(true);
  expect(asks.given).toHaveLength(2);
  await asks.answer(1, strict);
  expect(hints()).toEqual([en.passwordHint(12), en.userNameHint(3, 20)]);
  rerender(true);
  expect(asks.given).toHaveLength(2);
});

test('a server that does not answer gives no hint, and an answer after unmount is dropped', async () => {
  const { asks, rerender, hints } = open(true);
  await asks.refuse(1, 'offline');
  rerender(false);
  await asks.answer(0, strict);
  expect(hints()).toEqual([undefined, undefined]);
});

test('without a server there is no hint', () => {
  const { result } = renderHook(() => usePasswordHint(true));
  expect(result.current).toBeUndefined();
});
