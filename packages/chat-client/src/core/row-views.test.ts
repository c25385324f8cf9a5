import type { MessageRow } from '@everywire/chat';
import { describe, expect, it } from 'vitest';
import type { RowSources } from './row-view.js';
import { RowViews } from './row-views.js';
import { rowAt } from './test-wire.js';

// Tests `RowViews`, which turns messages into rows of the user interface. A row that did not change keeps its identity,
// so that it is not drawn again.

const plain: RowSources = { me: 1, quoted: () => null, receipt: null, repliesUnread: 0, actions: [] };
const quoting: MessageRow = { ...rowAt(4), quote: { sequence: 2, id: rowAt(2).id } };

describe('RowViews', () => {
  it('a view keeps its identity while nothing changed', () => {
    const views = new RowViews();
    const row = rowAt(4, { sender: 1 });
    const of = (receipt: RowSources['receipt']) => views.view(row, { ...plain, receipt });
    expect(of({ state: 'delivered' })).toBe(of({ state: 'delivered' }));
    expect(of({ state: 'read', count: 2 })).toBe(of({ state: 'read', count: 2 }));
  });

  it('[CH-22.1] a quote has the files and mentions of the quoted message', () => {
    const file = { id: 'f', name: 'H-47.jpg', kind: 'image', type: 'image/jpeg', size: 9 } as const;
    const mentions = { users: [7], all: false };
    const quoted = { ...rowAt(2), body: { kind: 'text', text: '', files: [file] }, mentions } as const;
    const quote = { state: 'shown', sequence: 2, sender: quoted.sender, text: '', files: [file], mentions };
    expect(new RowViews().view(quoting, { ...plain, quoted: () => quoted })).toMatchObject({ quote });
  });

  it.each<[string, RowSources, RowSources]>([
    ['the receipt', { ...plain, receipt: { state: 'sent' } }, { ...plain, receipt: { state: 'delivered' } }],
    [
      'the read count',
      { ...plain, receipt: { state: 'read', count: 1 } },
      { ...plain, receipt: { state: 'read', count: 2 } },
    ],
    ['its replies', plain, { ...plain, repliesUnread: 1 }],
    ['the quoted message', { ...plain, quoted: () => undefined }, { ...plain, quoted: () => rowAt(2) }],
    [
      'an action',
      plain,
      { ...plain, actions: [{ command: 'react', emoji: '👍', set: true } as RowSources['actions'][number]] },
    ],
  ])('a view is made again when %s changed', (_, before, after) => {
    const views = new RowViews();
    const own = { ...quoting, sender: 1 };
    const first = views.view(own, before);
    expect(views.view(own, after)).not.toEqual(first);
    expect(views.view(own, before)).toEqual(first);
  });

  it.each([
    ['is added to those of others', [3], true, [{ emoji: '👍', users: [3, 1] }]],
    ['is counted once, however often it is set', [1, 3], true, [{ emoji: '👍', users: [1, 3] }]],
    ['is the first one', [], true, [{ emoji: '👍', users: [1] }]],
    ['is removed, and those of others stay', [1, 3], false, [{ emoji: '👍', users: [3] }]],
    ['is removed as the only one', [1], false, []],
  ])('a pending own reaction is shown: it %s', (_, users, set, reactions) => {
    const row = rowAt(4, { reactions: users.length > 0 ? [{ emoji: '👍', users }] : [] });
    const action = { command: 'react', emoji: '👍', set } as RowSources['actions'][number];
    expect(new RowViews().view(row, { ...plain, actions: [action] })).toMatchObject({ reactions });
  });
});
