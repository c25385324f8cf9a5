// @vitest-environment happy-dom
import type { AccountClient, AdministeredPerson } from '@everywire/chat-client';
import { act, fireEvent } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { fixtureAccount } from '../../fixtures/fixture-account.js';
import { AccountContext } from '../app/account-context.js';
import { changePreferences } from '../design/preferences.js';
import { renderInPage } from '../test-kit/render-in-page.js';
import { PersonItem } from './person-item.js';

const person: AdministeredPerson = {
  id: 900,
  name: 'gull',
  displayName: 'Gull',
  role: 'member',
  state: 'active',
  createdAt: 1,
  lastSeenAt: 2,
  devices: 2,
  connected: false,
};

beforeEach(() => changePreferences({ language: 'en' }));

test('a person who turns out to be connected is not shown as last seen earlier', async () => {
  const show = (of: AdministeredPerson) => (
    <AccountContext value={fixtureAccount as AccountClient}>
      <PersonItem person={of} onChange={() => undefined} />
    </AccountContext>
  );
  const view = renderInPage(show(person));
  const facts = () => view.container.querySelector('summary small')?.textContent ?? '';
  expect(facts()).toContain('Last seen');
  const details = view.container.querySelector('details') as HTMLDetailsElement;
  await act(async () => {
    details.open = true;
    details.dispatchEvent(new Event('toggle'));
  });
  await view.findByText(/Firefox, Linux/);
  expect([facts().includes('Last seen'), facts().includes('Connected')]).toEqual([false, true]);
});

/** Renders a person's open row. Returns the server's calls and the reported changes. */
async function open(of: Partial<AdministeredPerson>) {
  const calls: string[] = [];
  const changes: unknown[] = [];
  const account = {
    ...fixtureAccount,
    setRole: async (id: number, role: string) => {
      calls.push(`${id} ${role}`);
      return { id, name: 'gull', displayName: 'Gull' };
    },
    call: async (method: string, path: string) => {
      if (method === 'GET') return { devices: [] };
      calls.push(`${method} ${path}`);
      return { secret: 'ewl_x', expiresAt: 1_999_000_000_000 };
    },
  } as AccountClient;
  const view = renderInPage(
    <AccountContext value={account}>
      <PersonItem
        person={{ ...person, ...of }}
        onChange={(changed, done) => changes.push([changed?.role, done.replace(/[\u2068\u2069]/g, '')])}
      />
    </AccountContext>,
  );
  const details = view.container.querySelector('details') as HTMLDetailsElement;
  await act(async () => {
    details.open = true;
    details.dispatchEvent(new Event('toggle'));
  });
  const press = (name: string) =>
    act(async () => void fireEvent.click(view.getAllByRole('button', { name }).at(-1) as Element));
  const buttons = () => view.queryAllByRole('button').map(({ textContent }) => textContent);
  return { view, calls, changes, press, buttons };
}

test('a member becomes an administrator after a confirmation', async () => {
  const { calls, changes, press } = await open({});
  await press('Make administrator');
  expect(calls).toEqual([]);
  await press('Make administrator');
  expect([calls, changes]).toEqual([['900 administrator'], [['administrator', 'Gull is an administrator.']]]);
});

test('an administrator can be made a member again, and gets no reset link', async () => {
  const { calls, press, buttons } = await open({ role: 'administrator' });
  expect(buttons()).not.toContain('Create reset link');
  await press('Remove administrator');
  await press('Remove administrator');
  expect(calls).toEqual(['900 member']);
});

test('a reset link of a member is shown with a button to copy it', async () => {
  const { view, calls, press, buttons } = await open({});
  await press('Create reset link');
  expect(calls).toEqual(['POST /api/people/900/reset-link']);
  expect(view.getByText(`${location.origin}/#/reset/ewl_x`)).toBeDefined();
  expect(buttons()).toContain('Copy link');
});

test.each([{ role: 'guest' }, { state: 'suspended' }] as const)('there is no reset link for %j', async (of) => {
  expect((await open(of)).buttons()).not.toContain('Create reset link');
});
