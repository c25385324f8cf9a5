// Over 300 lines: the cases of one hook share its set-up.
// @vitest-environment happy-dom
import type { ConversationEntry, MemberEntry, Person } from '@everywire/chat-client';
import { act } from '@testing-library/react';
import type { KeyboardEvent } from 'react';
import { describe, expect, test, vi } from 'vitest';
import { aisha, chenMo, entry, linWan, me, tomas } from '../../fixtures/cast.js';
import { pendingCalls } from '../test-kit/pending-calls.js';
import { chatWith, renderHookInPage } from '../test-kit/render-in-page.js';
import { useMentions } from './use-mentions.js';

/** One page of the server's list of members. */
interface Page {
  readonly members: readonly MemberEntry[];
  readonly more: boolean;
}

const group = entry({ id: 7, title: 'Terns', activityAt: 1 });
const pageOf = (people: readonly Person[], more = false): Page => ({
  members: people.map((person) => ({ person, role: 'member' })),
  more,
});

/** Renders a composer's field with its picker. */
function openPicker(of: ConversationEntry = group) {
  const members = pendingCalls<[number, number | null], Page>();
  const field = document.createElement('textarea');
  document.body.replaceChildren(field);
  const write = vi.fn((text: string) => {
    field.value = text;
  });
  const { result, rerender, unmount } = renderHookInPage(
    (now: ConversationEntry) => useMentions(now, { current: field }, write),
    {
      chat: chatWith({ members: members.call }),
      initialProps: of,
    },
  );
  const type = (text: string, caret = text.length, end = caret) => {
    field.value = text;
    field.setSelectionRange(caret, end);
    act(() => result.current.look());
  };
  const press = (key: string, modifiers: Partial<KeyboardEvent> = {}) => {
    const preventDefault = vi.fn();
    let taken: boolean | null = null;
    act(() => {
      taken = result.current.onKeyDown({
        key,
        preventDefault,
        ...modifiers,
      } as Partial<KeyboardEvent> as KeyboardEvent);
    });
    expect(preventDefault).toHaveBeenCalledTimes(taken ? 1 : 0);
    return taken;
  };
  const labels = () => result.current.candidates.map(({ label }) => label);
  return { members, field, write, type, press, labels, unmount, change: rerender, picker: () => result.current };
}

/** Does the same, with the group's members loaded and an `@` typed. */
async function openWith(people: readonly Person[], of?: ConversationEntry) {
  const opened = openPicker(of);
  opened.type('@');
  await opened.members.answer(0, pageOf(people));
  return opened;
}

describe('the mention picker', () => {
  test('the picker offers the members and everyone after an @, but not the user', async () => {
    const { members, type, labels } = openPicker();
    type('hello');
    expect([members.given, labels()]).toEqual([[], []]);
    type('hello @');
    expect([members.given, labels()]).toEqual([[[7, null]], ['everyone']]);
    await members.answer(0, pageOf([linWan, me, tomas]));
    expect(labels()).toEqual(['林晚', 'Tomás Reyes', 'everyone']);
  });

  test('the picker finds people by either name and lists prefix matches first', async () => {
    const { type, labels } = await openWith([chenMo, linWan, tomas, aisha]);
    type('@a');
    expect(labels()).toEqual(['Aisha Khan', '林晚', 'Tomás Reyes', 'everyone']);
    type('@林');
    expect(labels()).toEqual(['林晚']);
    type('@khan');
    expect(labels()).toEqual(['Aisha Khan']);
    type('@CH');
    expect(labels()).toEqual(['陈默']);
    type('@ma');
    expect(labels()).toEqual(['Tomás Reyes']);
    type('@e');
    expect(labels()).toEqual(['陈默', 'Tomás Reyes', 'everyone']);
    type('@zz');
    expect(labels()).toEqual([]);
  });

  test('everyone is found by the words of both languages and by pinyin', async () => {
    const { type, labels } = await openWith([tomas]);
    for (const query of ['all', 'ALL', 'every', '所有', '所有人', 'suo', 'suoyouren', 'syr']) {
      type(`@${query}`);
      expect([query, labels()]).toEqual([query, ['everyone']]);
    }
  });

  test('the picker finds people without the accents of their names, in a browser of any language', async () => {
    const { type, labels } = await openWith([{ id: 90, name: 'x1', displayName: 'IT INFO' }, tomas]);
    type('@tomás');
    expect(labels()).toEqual(['Tomás Reyes']);
    type('@ınfo');
    expect(labels()).toEqual(['IT INFO']);
  });

  test('the picker loads no more members after unmount', async () => {
    const { members, type, unmount } = openPicker();
    type('@');
    await members.answer(0, pageOf([linWan], true));
    expect(members.given).toHaveLength(2);
    unmount();
    await members.answer(1, pageOf([tomas], true));
    expect(members.given).toHaveLength(2);
  });

  test('the picker shows at most eight people, and everyone after them', async () => {
    const people = Array.from({ length: 9 }, (_, id) => ({ id: 100 + id, name: `n${id}`, displayName: `N${id}` }));
    const { labels } = await openWith(people);
    expect(labels()).toEqual(['N0', 'N1', 'N2', 'N3', 'N4', 'N5', 'N6', 'N7', 'everyone']);
  });

  test.each([
    ['a small group', { memberCount: 200 }, true],
    ['a larger group', { memberCount: 201 }, false],
    ['a larger group, to its admin', { memberCount: 201, role: 'admin' }, true],
    ['a larger group, to its owner', { memberCount: 201, role: 'owner' }, true],
    ['a channel', { kind: 'channel' }, true],
  ] as const)('[CH-27.1] everyone is offered in %s, %j: %j', async (_, changed, offered) => {
    const { labels } = await openWith([linWan], { ...group, ...changed });
    expect(labels()).toEqual(offered ? ['林晚', 'everyone'] : ['林晚']);
  });

  test.each([
    ['a direct conversation', { kind: 'direct' }],
    ['notes', { kind: 'notes' }],
    ['a group that the user has left', { member: false }],
  ] as const)('the picker stays closed in %s', (_, changed) => {
    const { type, labels, members } = openPicker({ ...group, ...changed });
    type('@');
    expect([labels(), members.given]).toEqual([[], []]);
  });

  test('the picker stays closed while text is selected', () => {
    const { type, labels } = openPicker();
    type('@li', 1, 3);
    expect(labels()).toEqual([]);
  });
});

describe('loading the members', () => {
  test('members are loaded page by page to the end, once', async () => {
    const { members, type, labels } = openPicker();
    type('@');
    await members.answer(0, pageOf([linWan, aisha], true));
    await members.answer(1, pageOf([tomas], false));
    type('');
    type('@');
    expect(members.given).toEqual([
      [7, null],
      [7, aisha.id],
    ]);
    expect(labels()).toEqual(['林晚', 'Aisha Khan', 'Tomás Reyes', 'everyone']);
  });

  test('loading the members ends at an empty page and after twenty pages', async () => {
    const empty = openPicker();
    empty.type('@');
    await empty.members.answer(0, pageOf([], true));
    expect(empty.members.given).toHaveLength(1);
    const endless = openPicker();
    endless.type('@');
    for (let page = 0; page < 20; page++)
      await endless.members.answer(page, pageOf([{ ...tomas, id: 1_000 + page }], true));
    expect(endless.members.given).toHaveLength(20);
  });

  test('loading the members is retried at the next @ after a failure', async () => {
    const { members, type, labels } = openPicker();
    type('@');
    await members.refuse(0, 'offline');
    type('');
    type('@');
    await members.answer(1, pageOf([linWan]));
    expect(labels()).toEqual(['林晚', 'everyone']);
  });
});

describe('members who join or leave while the conversation is open', () => {
  test('a former member is not offered any more, a new one is', async () => {
    const { members, change, type, labels } = await openWith([linWan, tomas]);
    change({ ...group, membersAt: 2 });
    expect(members.given).toHaveLength(2);
    expect(labels()).toEqual(['林晚', 'Tomás Reyes', 'everyone']);
    await members.answer(1, pageOf([linWan, aisha]));
    expect(labels()).toEqual(['林晚', 'Aisha Khan', 'everyone']);
    type('@tom');
    expect(labels()).toEqual([]);
  });

  test('members are loaded again at the next @ after a change, and only then', async () => {
    const { members, change, type } = await openWith([linWan]);
    type('');
    change({ ...group, membersAt: 2 });
    expect(members.given).toHaveLength(1);
    type('@');
    change({ ...group, membersAt: 2, unread: 5 });
    expect(members.given).toEqual([
      [7, null],
      [7, null],
    ]);
  });

  test('an answer or a failure from before the change is dropped', async () => {
    const { members, change, labels, type } = openPicker();
    type('@');
    change({ ...group, membersAt: 2 });
    await members.answer(1, pageOf([linWan]));
    await members.answer(0, pageOf([linWan, tomas], true));
    expect([members.given.length, labels()]).toEqual([2, ['林晚', 'everyone']]);
    change({ ...group, membersAt: 3 });
    change({ ...group, membersAt: 4 });
    await members.refuse(2, 'offline');
    await members.answer(3, pageOf([aisha]));
    type('@a');
    expect([members.given.length, labels()]).toEqual([4, ['Aisha Khan', 'everyone']]);
  });
});

describe('the keys of the picker', () => {
  test('the arrow keys cycle through the candidates, and a new query selects the first', async () => {
    const { press, picker, type } = await openWith([linWan, tomas]);
    const active = () => picker().active;
    expect([press('ArrowDown'), active()]).toEqual([true, 1]);
    expect([press('ArrowDown'), active()]).toEqual([true, 2]);
    expect([press('ArrowDown'), active()]).toEqual([true, 0]);
    expect([press('ArrowUp'), active()]).toEqual([true, 2]);
    expect([press('ArrowUp'), active()]).toEqual([true, 1]);
    type('@');
    expect(active()).toBe(1);
    type('a @', 3);
    expect(active()).toBe(0);
    press('ArrowDown');
    type('a @t');
    expect(active()).toBe(0);
  });

  test.each(['altKey', 'ctrlKey', 'metaKey', 'shiftKey'])('a key with %s is left to the field', async (modifier) => {
    const { press, write } = await openWith([linWan]);
    expect(press('Enter', { [modifier]: true })).toBe(false);
    expect(write).not.toHaveBeenCalled();
  });

  test('a key is left to the field when the picker does not use it or offers nothing', async () => {
    const { press, type, write } = await openWith([linWan]);
    expect(press('a')).toBe(false);
    type('hello');
    expect(press('Enter')).toBe(false);
    expect(press('ArrowDown')).toBe(false);
    expect(write).not.toHaveBeenCalled();
  });

  test.each(['Enter', 'Tab'])('%s inserts the name, closes the picker and puts the caret after it', async (key) => {
    const { press, type, field, write, labels } = await openWith([linWan, tomas]);
    type('ask @to today', 7);
    expect(press(key)).toBe(true);
    expect(write.mock.calls).toEqual([['ask @Tomás Reyes today']]);
    expect([labels(), document.activeElement]).toEqual([[], field]);
    expect([field.selectionStart, field.selectionEnd]).toEqual([17, 17]);
  });

  test('text typed immediately after a pick goes after the name, before the next render', async () => {
    const { press, type, field } = await openWith([tomas]);
    type('@to');
    press('Enter');
    field.setRangeText('look', field.selectionStart, field.selectionEnd, 'end');
    await new Promise((done) => requestAnimationFrame(done));
    field.setRangeText(' here', field.selectionStart, field.selectionEnd, 'end');
    expect(field.value).toBe('@Tomás Reyes look here');
  });

  test('Escape closes the picker for this @ only', async () => {
    const { press, type, labels } = await openWith([linWan]);
    expect([press('Escape'), labels()]).toEqual([true, []]);
    type('@l');
    expect(labels()).toEqual([]);
    type('@l @');
    expect(labels()).toEqual(['林晚', 'everyone']);
    type('@l');
    expect(labels()).toEqual(['林晚']);
  });

  test('close() closes the picker until the next look()', async () => {
    const { picker, type, labels } = await openWith([linWan]);
    act(() => picker().close());
    expect(labels()).toEqual([]);
    type('@');
    expect(labels()).toEqual(['林晚', 'everyone']);
  });
});

describe('the mentions of a text', () => {
  async function withPicked() {
    const opened = await openWith([linWan, tomas]);
    opened.press('Enter');
    opened.type(`${opened.field.value}@to`);
    opened.press('Enter');
    return opened;
  }

  test('a text mentions the picked people whose @name it still contains', async () => {
    const { picker, field } = await withPicked();
    expect(field.value).toBe('@林晚 @Tomás Reyes ');
    expect(picker().resolveMentions(field.value).mentions).toEqual({ people: [linWan.id, tomas.id], all: false });
    expect(picker().resolveMentions('@Tomás Reyes?').mentions).toEqual({ people: [tomas.id], all: false });
  });

  test('a text mentions no one after the @ was deleted and only the name is left', async () => {
    const { picker } = await withPicked();
    expect(picker().resolveMentions('林晚 said so').mentions).toBeUndefined();
    expect(picker().resolveMentions('林晚 @Tomás Reyes').mentions).toEqual({ people: [tomas.id], all: false });
    expect(picker().resolveMentions('').mentions).toBeUndefined();
  });

  test('a text mentions a member whose name was typed, as if it had been picked', async () => {
    const { picker } = await openWith([linWan, tomas, me]);
    expect(picker().resolveMentions(`@${tomas.name} @林晚 @everyone @${me.name}`)).toEqual({
      text: `@Tomás Reyes @林晚 @everyone @${me.name}`,
      mentions: { people: [tomas.id, linWan.id], all: false },
    });
    expect(picker().resolveMentions('hello @nobody')).toEqual({ text: 'hello @nobody' });
  });

  test('a text mentions everyone if that was picked, along with people', async () => {
    const { picker, press, type, field } = await openWith([linWan]);
    press('ArrowDown');
    press('Enter');
    expect(picker().resolveMentions(field.value).mentions).toEqual({ people: [], all: true });
    type(`${field.value}@`);
    press('Enter');
    expect(picker().resolveMentions(field.value).mentions).toEqual({ people: [linWan.id], all: true });
  });

  test('an edit keeps the previous mentions and adds newly typed names', async () => {
    const { picker } = await withPicked();
    picker().begin({ people: [aisha], all: false });
    const called = picker().resolveMentions('@林晚 @Aisha Khan @everyone').mentions;
    expect(called).toEqual({ people: [aisha.id, linWan.id], all: false });
    picker().begin({ people: [], all: true });
    expect(picker().resolveMentions('@所有人').mentions).toEqual({ people: [], all: true });
    expect(picker().resolveMentions('@everyone').mentions).toEqual({ people: [], all: true });
    picker().begin(null);
    expect(picker().resolveMentions('@Aisha Khan @everyone').mentions).toBeUndefined();
  });
});

test('a longer name that starts with a member’s name does not mention that member', async () => {
  const ann: Person = { ...linWan, id: 61, name: 'ann', displayName: 'Ann' };
  const annLee: Person = { ...linWan, id: 62, name: 'annlee', displayName: 'Ann Lee' };
  const { picker, field, type } = await openWith([ann, annLee]);
  act(() => picker().choose({ label: 'Ann', person: ann }));
  type('@');
  act(() => picker().choose({ label: 'Ann Lee', person: annLee }));
  expect(picker().resolveMentions(field.value).mentions?.people).toEqual([62]);
  expect(picker().resolveMentions('@Ann @Ann Lee').mentions?.people).toEqual([61, 62]);
});

describe('two people with the same display name', () => {
  const first: Person = { ...linWan, id: 51, name: 'linwan' };
  const second: Person = { ...linWan, id: 52, name: 'lin2' };
  const ids = (picker: ReturnType<typeof useMentions>, text: string) =>
    picker.resolveMentions(text).mentions?.people ?? [];

  test('two people with the same display name are both mentioned if both were picked', async () => {
    const { picker, field, type } = await openWith([first, second]);
    act(() => picker().choose({ label: first.displayName, person: first }));
    type(`${field.value}@`);
    act(() => picker().choose({ label: second.displayName, person: second }));
    expect(ids(picker(), field.value)).toEqual([51, 52]);
  });

  test('of two people with the same display name the one picked last is mentioned if the name occurs once', async () => {
    const { picker, field, type } = await openWith([first, second]);
    act(() => picker().choose({ label: first.displayName, person: first }));
    expect(ids(picker(), field.value)).toEqual([51]);
    type('@');
    act(() => picker().choose({ label: second.displayName, person: second }));
    expect(ids(picker(), field.value)).toEqual([52]);
  });

  test('two people with the same display name stay mentioned after an edit', async () => {
    const { picker } = await openWith([first, second]);
    act(() => picker().begin({ people: [first, second], all: false }));
    expect(ids(picker(), `@${first.displayName} @${first.displayName} now`)).toEqual([51, 52]);
  });
});
