// @vitest-environment happy-dom
import { act } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { changePreferences, readPreferences } from '../design/preferences.js';
import { FakeChatNews } from '../test-kit/fake-chat-news.js';
import { FakeNotifications } from '../test-kit/fake-notifications.js';
import { renderInPage } from '../test-kit/render-in-page.js';
import { Notifications } from './notifications.js';

const asBefore = readPreferences();
let looking = false;

beforeEach(() => {
  looking = false;
  localStorage.clear();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  vi.spyOn(document, 'hasFocus').mockImplementation(() => looking);
  document.head.innerHTML = '<link rel="icon" href="/icon.svg" />';
  changePreferences({ language: 'en' });
  history.replaceState(null, '', '/');
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  changePreferences(asBefore);
});

/** Renders the component that notifies. `receive` lets a message arrive. */
function open(permission: NotificationPermission | null = 'granted') {
  const shown = FakeNotifications.install(permission);
  const news = new FakeChatNews();
  const view = renderInPage(<Notifications />, news.chat);
  const wait = () => act(async () => void (await vi.advanceTimersByTimeAsync(400)));
  const receive = async (text: string) => {
    let sequence = 0;
    act(() => {
      sequence = news.receive(news.direct, text);
    });
    await wait();
    return sequence;
  };
  const icon = () => document.querySelector('link[rel="icon"]')?.getAttribute('href');
  return { news, shown, view, receive, icon };
}

test('a click on a notification opens its message', async () => {
  const focused = vi.spyOn(window, 'focus').mockImplementation(() => undefined);
  const { news, shown, receive } = open();
  const sequence = await receive('hello');
  expect(shown.texts()).toEqual(['Ann | hello']);
  [...shown.standing.values()][0]?.dispatchEvent(new Event('click'));
  expect(location.hash).toBe(`#/c/${news.direct}/m/${sequence}`);
  expect(shown.texts()).toEqual([]);
  expect(focused).toHaveBeenCalledTimes(1);
});

test('[item 29] the tab’s icon has a dot while a message waits that notifies, whether the page is in front or not', async () => {
  looking = true;
  const { news, shown, receive, icon, view } = open();
  expect(icon()).toBe('/icon.svg');
  act(() => void news.receive(news.group, 'without a mention'));
  expect(icon()).toBe('/icon.svg');
  await receive('hello');
  expect([icon(), shown.texts()]).toEqual(['/icon-unread.svg', []]);
  act(() => news.read(news.direct));
  expect(icon()).toBe('/icon.svg');
  await receive('again');
  view.unmount();
  expect(icon()).toBe('/icon.svg');
});

test('[item 30] a notification hides the message text if the preference says so', async () => {
  changePreferences({ notificationText: false });
  const { shown, receive } = open();
  await receive('a secret');
  expect(shown.texts()).toEqual(['Ann | 1 new message']);
});

test('no notification is shown if notifications are off on this device', async () => {
  changePreferences({ notifications: false });
  const { shown, receive } = open();
  await receive('hello');
  expect(shown.texts()).toEqual([]);
});

test('[item 30] a message that could not notify makes the list offer notifications, once', async () => {
  const { receive, shown } = open('default');
  expect(readPreferences().notificationOffer).toBe('none');
  await receive('hello');
  expect([readPreferences().notificationOffer, shown.texts()]).toEqual(['due', []]);
  changePreferences({ notificationOffer: 'declined' });
  await receive('hello again');
  expect(readPreferences().notificationOffer).toBe('declined');
  expect(shown.requests).not.toHaveBeenCalled();
});

test.each(['denied', null] as const)('nothing is offered if the permission is %s', async (permission) => {
  const { receive } = open(permission);
  await receive('hello');
  expect(readPreferences().notificationOffer).toBe('none');
});

test('signing out and leaving the page withdraw notifications, and a restored page notifies again', async () => {
  const { news, shown, receive, view } = open();
  await receive('hello');
  expect(shown.texts()).toHaveLength(1);
  window.dispatchEvent(new Event('pagehide'));
  expect(shown.texts()).toEqual([]);
  act(() => news.read(news.direct));
  window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
  await receive('again');
  expect(shown.texts()).toEqual(['Ann | again']);
  view.unmount();
  expect(shown.texts()).toEqual([]);
});
