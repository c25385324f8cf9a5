// @vitest-environment happy-dom
import type { MessageHit, MessagesFound, Search } from '@everywire/chat-client';
import { expect, test } from 'vitest';
import { linWan } from '../../fixtures/cast.js';
import { ConnectedContext } from '../app/connected-context.js';
import { en } from '../i18n/en.js';
import { fakeTimeouts } from '../test-kit/fake-timeouts.js';
import { pendingCalls } from '../test-kit/pending-calls.js';
import { chatWith, renderInPage } from '../test-kit/render-in-page.js';
import { FoundMessages } from './found-messages.js';

const wait = fakeTimeouts();
const hit: MessageHit = {
  conversation: 7,
  place: null,
  sequence: 1,
  id: '1',
  sender: linWan,
  text: 'black-faced',
  files: [],
  sentAt: 1,
};

/** Renders the results. `asks` are the searches, which a test answers. */
function open() {
  const asks = pendingCalls<[string], MessagesFound>();
  const search = { messages: (text) => asks.call(text) } as Partial<Search> as Search;
  const page = (query: string, connected: boolean) => (
    <ConnectedContext value={connected}>
      <FoundMessages query={query} within={null} />
    </ConnectedContext>
  );
  const { container, rerender } = renderInPage(page('black', true), chatWith({ search }));
  return {
    asks,
    text: () => container.textContent ?? '',
    show: (query: string, connected: boolean) => rerender(page(query, connected)),
  };
}

test('without a connection, the results of another query are hidden and no search is shown as running', async () => {
  const { asks, text, show } = open();
  await wait(200);
  await asks.answer(0, { hits: [hit], next: null });
  expect(text()).toContain('black-faced');
  show('zzz', true);
  await wait(200);
  expect(text()).toContain('black-faced');
  expect(text()).toContain(en.search.searching);
  show('zzz', false);
  expect(text()).not.toContain('black-faced');
  expect(text()).not.toContain(en.search.searching);
  expect(text()).toContain('Can’t reach the server');
  show('black', false);
  expect(text()).toContain('black-faced');
});
