// @vitest-environment happy-dom
import type { AccountClient, AdministeredPerson } from '@everywire/chat-client';
import { act } from '@testing-library/react';
import { expect, test } from 'vitest';
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

test('a person who turns out to be connected is not shown as last seen earlier', async () => {
  changePreferences({ language: 'en' });
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
