// @vitest-environment happy-dom
import { fireEvent } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aisha, linWan, me } from '../../fixtures/cast.js';
import { changePreferences, readPreferences } from '../design/preferences.js';
import { en } from '../i18n/en.js';
import { fakeTimeouts } from '../test-kit/fake-timeouts.js';
import { chatWith, renderInPage } from '../test-kit/render-in-page.js';
import { NewConversationDialog } from './new-conversation-dialog.js';

const asBefore = readPreferences();
const wait = fakeTimeouts();
beforeEach(() => changePreferences({ language: 'en' }));
afterEach(() => changePreferences(asBefore));

/** Renders the dialog, for a group or for a direct conversation. */
async function open(group: boolean) {
  const none = () => undefined;
  const chat = chatWith({ people: async () => ({ people: [linWan, aisha], more: false }) });
  const view = renderInPage(
    <NewConversationDialog group={group} with={[]} onClose={none} onOpen={none} onStart={none} />,
    chat,
  );
  await wait(1_000);
  const fields = () =>
    view
      .getAllByRole('textbox')
      .map((field) => (field as HTMLInputElement).labels?.[0]?.textContent ?? field.getAttribute('aria-label'));
  return { view, fields };
}

test('a new group starts with the focused name field, followed by the people', async () => {
  const { view, fields } = await open(true);
  expect(fields()).toEqual([en.groupName, en.searchPeople]);
  expect(document.activeElement).toBe(view.getByLabelText(en.groupName));
});

test('a new conversation starts with the people and asks for a name once there are two', async () => {
  const { view, fields } = await open(false);
  expect(fields()).toEqual([en.searchPeople]);
  expect(document.activeElement).toBe(view.getByLabelText(en.searchPeople));
  for (const { displayName } of [linWan, aisha])
    fireEvent.click(view.getByRole('button', { name: new RegExp(displayName) }));
  expect(fields()).toEqual([en.searchPeople, en.groupName]);
  expect(document.activeElement).not.toBe(view.getByLabelText(en.groupName));
});

test('a guest is offered what a guest may do: no fields that find nobody, no refusal', async () => {
  const none = () => undefined;
  const asked: string[] = [];
  const people = async (query: string) => {
    asked.push(query);
    return Promise.reject(Object.assign(new Error('refused'), { code: 'denied' }));
  };
  const chat = chatWith({ people });
  chat.set({ me: { ...me, guest: true } });
  const props = { with: [], onClose: none, onOpen: none, onStart: none };
  const view = renderInPage(<NewConversationDialog group={false} {...props} />, chat);
  await wait(1_000);
  expect([view.queryAllByRole('textbox'), asked]).toEqual([[], []]);
  const dialog = view.getByRole('dialog');
  const buttons = [...dialog.querySelectorAll('.starts button')].map(({ textContent }) => textContent);
  expect(buttons).toEqual([en.findGroups, en.notes]);
  expect(dialog.textContent).toContain(en.guestWaits);
});
