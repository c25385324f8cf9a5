// @vitest-environment happy-dom
import type { FileRef } from '@everywire/chat';
import type { GroupSettings, Groups, Role } from '@everywire/chat-client';
import { act, fireEvent, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { entry } from '../../fixtures/cast.js';
import { en } from '../i18n/en.js';
import { pendingCalls } from '../test-kit/pending-calls.js';
import { chatWith, renderInPage } from '../test-kit/render-in-page.js';
import { GroupSettingsDialog } from './group-settings-dialog.js';

/** Renders the dialog for a member of this role. */
function open(role: Role = 'owner') {
  const configure = pendingCalls<[number, GroupSettings], void>();
  const saved: unknown[] = [];
  const save = async (...given: readonly unknown[]) => void saved.push(given);
  const groups = { configure: configure.call, invites: async () => [], setPicture: save } as Partial<Groups> as Groups;
  const upload = async () => ({ id: 'u1' }) as FileRef;
  const terns = entry({ id: 12, title: 'Terns', activityAt: 1, role });
  const view = renderInPage(
    <GroupSettingsDialog entry={terns} onClose={() => undefined} />,
    chatWith({ groups, upload, rename: save }),
  );
  const control = (title: string) => within(view.getByRole('radiogroup', { name: title }));
  return {
    view,
    configure,
    saved,
    choose: (title: string, choice: string) => act(() => fireEvent.click(control(title).getByText(choice))),
    chosen: (title: string) => control(title).getByRole('radio', { checked: true }).textContent,
    problem: () =>
      view
        .getAllByRole('alert')
        .map((each) => each.textContent)
        .join(''),
  };
}

test('a second permission changed before the server has answered keeps the first change', async () => {
  const { configure, choose, chosen } = open();
  await choose(en.whoSends, en.byAdmins);
  await choose(en.whoAdds, en.byAdmins);
  expect(configure.given.map(([, settings]) => [settings.send, settings.add])).toEqual([
    ['admins', 'members'],
    ['admins', 'admins'],
  ]);
  expect([chosen(en.whoSends), chosen(en.whoAdds)]).toEqual([en.byAdmins, en.byAdmins]);
});

test('one press saves a new picture and a new name of the group', async () => {
  const { view, saved } = open();
  fireEvent.change(view.getByLabelText(en.groupName), { target: { value: 'Gulls' } });
  const input = view.baseElement.querySelector('input[type="file"]') as HTMLInputElement;
  fireEvent.change(input, { target: { files: [new File(['picture'], 'gull.png')] } });
  fireEvent.click(view.getByRole('button', { name: en.save }));
  await view.findByText(en.saved);
  expect(saved).toEqual([
    [12, 'Gulls'],
    [12, { id: 'u1' }],
  ]);
});

test('an empty name prevents saving, even of a new picture', () => {
  const { view, saved } = open();
  const input = view.baseElement.querySelector('input[type="file"]') as HTMLInputElement;
  fireEvent.change(input, { target: { files: [new File(['picture'], 'gull.png')] } });
  const button = view.getByRole('button', { name: en.save }) as HTMLButtonElement;
  expect(button.disabled).toBe(false);
  fireEvent.change(view.getByLabelText(en.groupName), { target: { value: ' ' } });
  fireEvent.click(button);
  expect([button.disabled, saved]).toEqual([true, []]);
});

test('a refused permission change is reverted and its error shown', async () => {
  const { configure, choose, chosen, problem } = open();
  await choose(en.whoSends, en.byAdmins);
  await configure.refuse(0, 'offline');
  expect([chosen(en.whoSends), problem()]).toEqual([en.byMembers, expect.stringMatching(/\S/)]);
});

test('a member without permission to change the rules sees them as text without controls', () => {
  const { view } = open('reader');
  expect(view.getByRole('dialog', { name: en.rules }).textContent).toContain(`${en.whoSends}${en.byMembers}`);
  expect(view.queryAllByRole('radio')).toEqual([]);
  expect(view.getAllByRole('button').map((button) => button.getAttribute('aria-label'))).toEqual([en.close]);
});
