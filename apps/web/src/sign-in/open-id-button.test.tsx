// @vitest-environment happy-dom
import type { LinkClient, SignedIn } from '@everywire/chat-client';
import { act, fireEvent } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { me } from '../../fixtures/cast.js';
import type { Backend } from '../app/backend.js';
import { forbidStorage } from '../test-kit/forbid-storage.js';
import { renderInPage } from '../test-kit/render-in-page.js';
import { OpenIdButton } from './open-id-button.js';

afterEach(() => {
  vi.unstubAllGlobals();
  sessionStorage.clear();
  history.replaceState(null, '', '/');
});

const account: SignedIn = { me, token: 'ewd_1' };

function open(provider: string | null = 'Keys') {
  const links = {
    beginOpenId: vi.fn(async () => ({ url: '#provider', flow: 'flow 1' })),
    finishOpenId: vi.fn(async () => account),
  };
  const backend = { links: links as Partial<LinkClient> as LinkClient } as Partial<Backend> as Backend;
  const onSignedIn = vi.fn();
  const view = renderInPage(<OpenIdButton backend={backend} provider={provider} onSignedIn={onSignedIn} />);
  return { ...view, links, onSignedIn };
}

test('the provider’s answer signs in once and is removed from the address and the storage', async () => {
  sessionStorage.setItem('everywire.openid', 'flow 1');
  history.replaceState(null, '', '/#state=s&code=c');
  const { links, onSignedIn } = open();
  await act(async () => undefined);
  expect(links.finishOpenId.mock.calls).toEqual([[{ flow: 'flow 1', answer: 'state=s&code=c' }]]);
  expect([onSignedIn.mock.calls, location.hash, sessionStorage.length]).toEqual([[[account]], '', 0]);
});

test('a browser that forbids storage shows the page, with a provider or without one', async () => {
  forbidStorage();
  expect(open(null).container.textContent).toBe('');
  const { getByRole, links } = open();
  fireEvent.click(getByRole('button'));
  await act(async () => undefined);
  expect(links.beginOpenId).toHaveBeenCalledTimes(1);
  expect(getByRole('alert').textContent).not.toBe('');
});

test('an answer whose state this tab has lost shows an error', async () => {
  history.replaceState(null, '', '/#state=s&code=c');
  const { getByRole, links } = open();
  await act(async () => undefined);
  expect([links.finishOpenId.mock.calls, getByRole('alert').textContent]).toEqual([[], expect.stringMatching(/\S/)]);
});
