// @vitest-environment happy-dom
import { act, fireEvent } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { changePreferences, readPreferences } from '../design/preferences.js';
import { FakeChatNews } from '../test-kit/fake-chat-news.js';
import { FakeNotifications } from '../test-kit/fake-notifications.js';
import { renderInPage } from '../test-kit/render-in-page.js';
import { notificationWordsOf } from './notification-catalogues.js';
import { NotificationOffer } from './notification-offer.js';
import { NotificationSettings } from './notification-settings.js';

const asBefore = readPreferences();
const words = notificationWordsOf('en');

beforeEach(() => changePreferences({ language: 'en' }));
afterEach(() => {
  vi.unstubAllGlobals();
  changePreferences(asBefore);
});

/** Renders the settings in a browser with this permission; `null` for one without notifications. */
function settings(permission: NotificationPermission | null, news = new FakeChatNews()) {
  const shown = FakeNotifications.install(permission);
  const view = renderInPage(<NotificationSettings />, news.chat);
  return { shown, view, state: () => view.getAllByRole('status')[0]?.textContent };
}

test.each(['denied', 'default', 'granted'] as const)('the settings explain the permission %s', (permission) => {
  const { view, state } = settings(permission);
  expect(state()).toBe(words.states[permission]);
  expect(view.queryByRole('button', { name: words.turnOn }) !== null).toBe(permission === 'default');
  expect(view.queryByRole('button', { name: words.test }) !== null).toBe(permission === 'granted');
  expect(view.queryByText(words.doNotDisturb) !== null).toBe(permission === 'granted');
});

test('the settings explain that a page over plain HTTP or a browser without notifications cannot show any', () => {
  const { state, view } = settings(null);
  vi.stubGlobal('Notification', undefined);
  Reflect.deleteProperty(window, 'Notification');
  view.rerender(<NotificationSettings />);
  expect(state()).toBe(words.states.unsupported);
  vi.stubGlobal('isSecureContext', false);
  view.rerender(<NotificationSettings />);
  expect(state()).toBe(words.states.insecure);
});

test.each(['default', 'granted', 'denied'] as const)(
  'the settings explain that the browser supports no notifications from pages, although the permission is %s',
  (permission) => {
    const shown = FakeNotifications.install(permission, { isAndroid: true });
    const view = renderInPage(<NotificationSettings />, new FakeChatNews().chat);
    expect(view.getAllByRole('status')[0]?.textContent).toBe(words.states.unsupported);
    for (const name of [words.turnOn, words.test]) expect(view.queryByRole('button', { name })).toBe(null);
    expect(shown.texts()).toEqual([]);
  },
);

test('the settings say that notifications are off on this device and offer no test', () => {
  const { state, view } = settings('granted');
  fireEvent.click(view.getByRole('switch', { name: words.onThisDevice }));
  expect(state()).toBe(words.off);
  expect(view.queryByRole('button', { name: words.test })).toBe(null);
});

test('[item 30] the permission is requested only after a press', async () => {
  const { shown, view, state } = settings('default');
  expect(shown.requests).not.toHaveBeenCalled();
  shown.permission = 'granted';
  await act(async () => void fireEvent.click(view.getByRole('button', { name: words.turnOn })));
  expect([shown.requests.mock.calls.length, state()]).toEqual([1, words.states.granted]);
});

test('a test notification is shown immediately, and the result is reported', () => {
  const { shown, view } = settings('granted');
  const send = () => fireEvent.click(view.getByRole('button', { name: words.test }));
  const event = (name: string) => act(() => void shown.standing.get('everywire-test')?.dispatchEvent(new Event(name)));
  send();
  expect(shown.texts()).toEqual([`${words.testTitle} | ${words.testBody}`]);
  event('show');
  view.getByText(words.testShown);
  send();
  event('error');
  view.getByText(words.testFailed);
  view.unmount();
  expect(shown.texts()).toEqual([]);
});

test('a test notification hides the text if the preference says so', () => {
  changePreferences({ notificationText: false });
  const { shown, view } = settings('granted');
  fireEvent.click(view.getByRole('button', { name: words.test }));
  expect(shown.texts()).toEqual([`${words.testTitle} | ${words.messagesWaiting(1)}`]);
});

test('[CH-41.4] the settings list the conversations that do not notify, with the reason', () => {
  const news = new FakeChatNews();
  const { view } = settings('granted', news);
  expect(view.queryByRole('region', { name: words.silentTitle })).toBe(null);
  act(() => {
    news.change(news.direct, { mutedUntil: Date.now() + 60_000 });
    news.change(news.group, { notify: 'none' });
  });
  expect(view.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([
    'Annmuted',
    'Gardenset to Nothing',
  ]);
  act(() => {
    news.change(news.direct, { mutedUntil: 0, place: 'archived' });
    news.change(news.group, { notify: 'all' });
  });
  expect(view.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual(['Annarchived']);
});

test('[item 30] the offer is shown when due, requests the permission on a press, and is hidden once declined', async () => {
  const shown = FakeNotifications.install('default');
  const view = renderInPage(<NotificationOffer />);
  const offer = () => view.queryByText(words.offer);
  expect(offer()).toBe(null);
  act(() => changePreferences({ notificationOffer: 'due' }));
  expect(offer()).not.toBe(null);
  await act(async () => void fireEvent.click(view.getByRole('button', { name: words.turnOn })));
  expect(shown.requests).toHaveBeenCalledTimes(1);
  fireEvent.click(view.getByRole('button', { name: words.notNow }));
  expect([offer(), readPreferences().notificationOffer]).toEqual([null, 'declined']);
});
