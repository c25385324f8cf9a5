import { afterEach, expect, it, vi } from 'vitest';
import { createChatClient } from './create-chat-client.js';

const me = { id: 1, name: 'ann', displayName: 'Ann' };

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it.each(['online', 'visibilitychange'])('[pain 5] waits no longer for the next session after %s', async (event) => {
  const window = new EventTarget();
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  vi.stubGlobal('addEventListener', window.addEventListener.bind(window));
  vi.stubGlobal('document', document);
  // The pause between two sessions never ends by itself.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const asked: (() => void)[] = [];
  const token = vi.fn(async () => {
    asked.shift()?.();
    throw new Error('The host is away.');
  });
  const client = createChatClient({ url: 'http://127.0.0.1:9', me, token });
  const waiting = (): Promise<void> =>
    new Promise((resolve) => {
      const end = client.subscribe(() => {
        if (client.getSnapshot().connection.state !== 'waiting') return;
        end();
        resolve();
      });
    });
  await waiting();
  expect(token).toHaveBeenCalledOnce();
  const again = new Promise<void>((resolve) => asked.push(resolve));
  const nextPause = waiting();
  for (const target of [window, document]) target.dispatchEvent(new Event(event));
  await again;
  await nextPause;
  expect(token).toHaveBeenCalledTimes(2);
  vi.useRealTimers();
  await client.close();
});
