// @vitest-environment happy-dom
import type { ConversationEntry, MemberEntry } from '@everywire/chat-client';
import type { MembersView } from '@everywire/chat-react';
import { act } from '@testing-library/react';
import { expect, test } from 'vitest';
import { aisha, chenMo, entry, linWan, tomas } from '../../fixtures/cast.js';
import { pendingCalls } from '../test-kit/pending-calls.js';
import { chatWith, renderHookInPage } from '../test-kit/render-in-page.js';
import { useMoreMembers } from './use-more-members.js';

const terns = entry({ id: 7, title: 'Terns', activityAt: 1 });
const member = (person: MemberEntry['person']): MemberEntry => ({ person, role: 'member' });
const [lin, ai, chen, tom] = [linWan, aisha, chenMo, tomas].map(member) as [
  MemberEntry,
  MemberEntry,
  MemberEntry,
  MemberEntry,
];
const listed: MembersView = { members: [lin], more: true, loadMore: () => undefined };

/** What the hook depends on. */
interface Given {
  readonly entry: ConversationEntry;
  readonly listed: MembersView;
  readonly wanted: boolean;
}

/** Renders the hook. `members` are the requests to the server, which a test answers. */
function open(changed: Partial<Given> = {}) {
  const members = pendingCalls<[number, number | null], Pick<MembersView, 'members' | 'more'>>();
  let given: Given = { entry: terns, listed, wanted: true, ...changed };
  const { result, rerender, unmount } = renderHookInPage(
    (now: Given) => useMoreMembers(now.entry, now.listed, now.wanted),
    { chat: chatWith({ members: members.call }), initialProps: given },
  );
  const shown = () => [result.current.members, result.current.looking, result.current.problem];
  const change = (next: Partial<Given>) => {
    given = { ...given, ...next };
    rerender(given);
  };
  return { members, shown, change, unmount, again: () => act(() => result.current.again()) };
}

test('members after the listed ones are loaded page by page to the end', async () => {
  const { members, shown } = open();
  expect([members.given, shown()]).toEqual([[[7, lin.person.id]], [[], true, null]]);
  await members.answer(0, { members: [ai, chen], more: true });
  expect(shown()).toEqual([[ai, chen], true, null]);
  await members.answer(1, { members: [tom], more: false });
  expect(shown()).toEqual([[ai, chen, tom], false, null]);
  expect(members.given).toEqual([
    [7, lin.person.id],
    [7, chen.person.id],
  ]);
});

test.each([
  ['no name is searched for', { wanted: false }],
  ['all are listed', { listed: { ...listed, more: false } }],
  ['none are listed yet', { listed: { ...listed, members: [] } }],
])('nothing is loaded while %s', (_, changed) => {
  const { members, shown } = open(changed);
  expect([members.given, shown()]).toEqual([[], [[], false, null]]);
});

test('an empty page is the last one', async () => {
  const { members, shown } = open();
  await members.answer(0, { members: [], more: true });
  expect([members.given.length, shown()]).toEqual([1, [[], false, null]]);
});

test('a failure keeps the results, shows the error, and is retried from the start', async () => {
  const { members, shown, again } = open();
  await members.answer(0, { members: [ai], more: true });
  await members.refuse(1, 'rate_limited');
  expect(shown()).toEqual([[ai], false, 'rate_limited']);
  again();
  expect([members.given[2], shown()]).toEqual([
    [7, lin.person.id],
    [[], true, null],
  ]);
  await members.answer(2, { members: [ai], more: false });
  expect(shown()).toEqual([[ai], false, null]);
});

test('the members are loaded again after one joined or left, and the older answer is dropped', async () => {
  const { members, shown, change } = open();
  await members.answer(0, { members: [ai, chen], more: true });
  change({ entry: { ...terns, membersAt: 2 } });
  expect([members.given[2], shown()]).toEqual([
    [7, lin.person.id],
    [[], true, null],
  ]);
  await members.answer(1, { members: [tom], more: true });
  expect([members.given.length, shown()]).toEqual([3, [[], true, null]]);
  await members.answer(2, { members: [ai], more: false });
  expect(shown()).toEqual([[ai], false, null]);
});

test('results and loading end when the search ends', async () => {
  const { members, shown, change } = open();
  await members.answer(0, { members: [ai], more: true });
  change({ wanted: false });
  expect(shown()).toEqual([[], false, null]);
  await members.refuse(1, 'offline');
  expect([members.given.length, shown()]).toEqual([2, [[], false, null]]);
});

test('loading continues from the end of a longer list, and is not restarted by unrelated changes', async () => {
  const { members, shown, change } = open();
  change({ listed: { ...listed, members: [lin, ai] } });
  expect(members.given[1]).toEqual([7, ai.person.id]);
  await members.answer(1, { members: [chen], more: false });
  change({ entry: { ...terns, unread: 4 }, listed: { ...listed, members: [tom, ai] } });
  expect([members.given.length, shown()]).toEqual([2, [[chen], false, null]]);
});

test('nothing is loaded after unmount', async () => {
  const { members, unmount } = open();
  unmount();
  await members.answer(0, { members: [ai], more: true });
  expect(members.given).toHaveLength(1);
});
