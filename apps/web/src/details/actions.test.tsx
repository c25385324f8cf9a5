// @vitest-environment happy-dom
import { beforeEach, expect, test } from 'vitest';
import { entry, linWan, me } from '../../fixtures/cast.js';
import { changePreferences } from '../design/preferences.js';
import { en } from '../i18n/en.js';
import { chatWith, renderInPage } from '../test-kit/render-in-page.js';
import { DirectActions } from './actions.js';
import { PersonPresence } from './presence-words.js';

beforeEach(() => changePreferences({ language: 'en' }));

const deleted = { ...linWan, name: '', displayName: 'Deleted account', state: 'deleted' } as const;

test.each([
  ['an active person', linWan, {}, { blocked: false }, [en.groupWith, en.block, en.more]],
  ['a deleted account', deleted, {}, { blocked: false }, [en.more]],
  ['a blocked deleted account', deleted, {}, { blocked: true }, [en.unblock, en.more]],
  ['an active person, to a guest', linWan, { guest: true }, { blocked: false }, [en.block, en.more]],
] as const)('the details of %s offer what can be done', (_what, peer, own, changed, expected) => {
  const chat = chatWith();
  chat.set({ me: { ...me, ...own } });
  const direct = entry({ id: 7, title: peer.displayName, activityAt: 1, peer, kind: 'direct', ...changed });
  const view = renderInPage(<DirectActions entry={direct} peer={peer} onGroupWith={() => undefined} />, chat);
  expect(view.getAllByRole('button').map(({ textContent }) => textContent)).toEqual(expected);
});

test('a deleted account has no presence, although it was seen before', () => {
  const chat = chatWith({ presence: () => ({ state: 'away', lastSeenAt: 1 }) });
  expect(renderInPage(<PersonPresence person={linWan} />, chat).container.textContent).not.toBe('');
  expect(renderInPage(<PersonPresence person={deleted} />, chat).container.textContent).toBe('');
});
