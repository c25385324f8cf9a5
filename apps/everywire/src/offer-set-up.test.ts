import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { offerSetUp } from './offer-set-up.js';

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 10, 20, 12) }));
afterEach(() => void vi.useRealTimers());

test('prints a link, another when it has expired, and no more once there is an admin', async () => {
  const lines: string[] = [];
  let made = 0;
  const createSetUpPath = async () => {
    made += 1;
    return made > 2 ? null : { path: `/#/setup/secret-${made}`, expiresAt: Date.now() + 3_600_000 };
  };
  offerSetUp(
    { createSetUpPath },
    'https://chat.example.org',
    { error: () => undefined },
    (line) => void lines.push(line),
  );
  await vi.advanceTimersByTimeAsync(0);
  expect(lines).toEqual([
    'No admin yet. Open this link to become the admin. It works once and expires 2026-11-20 13:00 UTC:\n' +
      '  https://chat.example.org/#/setup/secret-1\n',
  ]);
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(lines[1]).toContain('https://chat.example.org/#/setup/secret-2');
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect([lines.length, made, vi.getTimerCount()]).toEqual([2, 3, 0]);
});

test('logs that no link could be created, and retries after a minute', async () => {
  const errors: string[] = [];
  let tries = 0;
  const createSetUpPath = async () => {
    tries += 1;
    if (tries < 3) throw new Error('busy');
    return null;
  };
  offerSetUp({ createSetUpPath }, 'x', { error: (line) => void errors.push(line) }, () => undefined);
  await vi.advanceTimersByTimeAsync(0);
  expect(errors).toEqual(['Could not create a set-up link. Retrying in a minute.']);
  await vi.advanceTimersByTimeAsync(120_000);
  expect([tries, errors.length, vi.getTimerCount()]).toEqual([3, 2, 0]);
});

test('does not create links in a loop if the clock of the machine is ahead of the expiry', async () => {
  let made = 0;
  const createSetUpPath = async () => {
    made += 1;
    return { path: '/#/setup/secret', expiresAt: Date.now() - 86_400_000 };
  };
  offerSetUp({ createSetUpPath }, 'x', { error: () => undefined }, () => undefined);
  await vi.advanceTimersByTimeAsync(59_000);
  expect(made).toBe(1);
});
