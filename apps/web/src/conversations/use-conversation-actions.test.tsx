// @vitest-environment happy-dom
import type { ConversationEntry, PersonalSettings } from '@everywire/chat-client';
import { ClientContext } from '@everywire/chat-react';
import { act, fireEvent, render } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { entry } from '../../fixtures/cast.js';
import { UndoProvider, useUndo } from '../app/undo.js';
import { en } from '../i18n/en.js';
import { chatWith } from '../test-kit/render-in-page.js';
import { useConversationActions } from './use-conversation-actions.js';

const terns = entry({ id: 12, title: 'Terns', activityAt: 50 });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'requestAnimationFrame'] });
  history.replaceState(null, '', '/#/c/12');
});
afterEach(() => {
  vi.useRealTimers();
});

type Actions = ReturnType<typeof useConversationActions>;

interface RowState {
  readonly actions: Actions;
  readonly isLeaving: (entry: ConversationEntry) => boolean;
}

interface RowProps {
  readonly of: ConversationEntry;
  readonly run: (act: Promise<unknown>) => void;
  readonly onRender: (state: RowState) => void;
}

function Row({ of, run, onRender }: RowProps) {
  const actions = useConversationActions(of, run);
  onRender({ actions, isLeaving: useUndo().isLeaving });
  return null;
}

/** Renders a row of the list with the actions on its conversation, above the undo bar. */
function open(of: ConversationEntry = terns) {
  const own = {
    arrange: vi.fn(async () => undefined),
    mute: vi.fn(async () => undefined),
    notify: vi.fn(async () => undefined),
    mark: vi.fn(async () => undefined),
    markRead: vi.fn(),
    dismiss: vi.fn(async () => undefined),
  };
  const chat = chatWith({ own: own as Partial<PersonalSettings> as PersonalSettings });
  chat.set({ conversations: [of] });
  const run = vi.fn();
  const states: RowState[] = [];
  const state = () => states.at(-1) as RowState;
  const view = render(
    <ClientContext value={chat}>
      <UndoProvider>
        <Row of={of} run={run} onRender={(next) => states.push(next)} />
      </UndoProvider>
    </ClientContext>,
  );
  const offered = () => view.getByRole('status').firstChild?.textContent ?? '';
  const calls = () =>
    Object.entries(own).flatMap(([name, { mock }]) => mock.calls.map((given: readonly unknown[]) => [name, ...given]));
  return {
    chat,
    view,
    run,
    offered,
    calls,
    isLeaving: (now: ConversationEntry) => state().isLeaving(now),
    act: (name: keyof Actions, ...given: readonly unknown[]) =>
      act(() => (state().actions[name] as (...given: readonly unknown[]) => void)(...given)),
    undo: () => fireEvent.click(view.getByRole('button', { name: en.undo })),
    wait: (ms: number) => act(() => vi.advanceTimersByTime(ms)),
  };
}

describe('an action on a conversation', () => {
  test.each([
    ['arrange', ['archived'], {}, [['arrange', 12, 'archived']], [['arrange', 12, 'normal']]],
    ['arrange', ['normal'], { place: 'pinned' }, [['arrange', 12, 'normal']], [['arrange', 12, 'pinned']]],
    ['mute', [99], { mutedUntil: 7 }, [['mute', 12, 99]], [['mute', 12, 7]]],
    ['mute', [0], { mutedUntil: 7 }, [['mute', 12, 0]], [['mute', 12, 7]]],
    ['notify', ['none'], {}, [['notify', 12, 'none']], [['notify', 12, 'mentions']]],
    ['markUnread', [], {}, [['mark', 12, true]], [['mark', 12, false]]],
    ['markRead', [], { unread: 1 }, [['markRead', 12]], [['mark', 12, true]]],
    ['markRead', [], { marked: true }, [['mark', 12, false]], [['mark', 12, true]]],
    [
      ...(['markRead', [], { unread: 2, marked: true }] as const),
      [
        ['mark', 12, false],
        ['markRead', 12],
      ],
      [['mark', 12, true]],
    ],
  ] as const)(
    'an action takes effect immediately and can be undone: %s %j, from %j',
    (name, given, state, done, undone) => {
      const { act: run, calls, undo, offered } = open({ ...terns, ...state });
      run(name, ...given);
      expect(calls().sort()).toEqual([...done].sort());
      expect(offered()).toContain('Terns');
      undo();
      expect(calls().slice().sort()).toEqual([...done, ...undone].sort());
      expect(offered()).toBe('');
    },
  );

  test.each([
    ['arrange', ['pinned'], en.didPlace.pinned('Terns')],
    ['arrange', ['archived'], en.didPlace.archived('Terns')],
    ['mute', [99], en.didMute('Terns')],
    ['mute', [0], en.didUnmute('Terns')],
    ['markRead', [], en.didMarkRead('Terns')],
    ['markUnread', [], en.didMarkUnread('Terns')],
    ['dismiss', [], en.didDismiss('Terns')],
  ] as const)('an action is reported: %s %j is %j', (name, given, words) => {
    const { act: run, offered } = open();
    run(name, ...given);
    expect(offered()).toBe(words);
  });

  test.each(['pinned', 'archived'] as const)('moving a conversation back names the place it left: %s', (place) => {
    const { act: run, offered } = open({ ...terns, place });
    run('arrange', 'normal');
    expect(offered()).toBe(en.didPlaceBack[place]('Terns'));
  });

  test('the outcome of an action and of its undo is reported', () => {
    const { act: does, run, undo } = open();
    does('mute', 99);
    expect(run).toHaveBeenCalledTimes(1);
    undo();
    expect(run).toHaveBeenCalledTimes(2);
  });
});

describe('a dismissed conversation', () => {
  test('a dismissed conversation leaves the list and the pane immediately, and the server after eight seconds', () => {
    const { act: does, calls, isLeaving, wait, run } = open();
    does('dismiss');
    expect([calls(), location.hash, isLeaving(terns)]).toEqual([[], '', true]);
    wait(7_999);
    expect(calls()).toEqual([]);
    wait(1);
    expect([calls(), run.mock.calls.length, isLeaving(terns)]).toEqual([[['dismiss', 12]], 1, false]);
  });

  test('dismissing a conversation keeps another one open', () => {
    history.replaceState(null, '', '/#/c/13');
    open().act('dismiss');
    expect(location.hash).toBe('#/c/13');
  });

  test('a dismissal that is undone never reaches the server', () => {
    const { act: does, calls, undo, isLeaving, wait } = open();
    does('dismiss');
    undo();
    wait(60_000);
    expect([calls(), isLeaving(terns)]).toEqual([[], false]);
  });

  test('a dismissed conversation stays if a message arrives in it meanwhile', () => {
    const { chat, act: does, calls, isLeaving, wait } = open();
    does('dismiss');
    expect([isLeaving({ ...terns, activityAt: 51 }), isLeaving({ ...terns, id: 13 })]).toEqual([false, false]);
    act(() => chat.change(12, { activityAt: 51 }));
    wait(8_000);
    expect(calls()).toEqual([]);
  });

  test('a dismissal reaches the server when another action follows and when the page closes', () => {
    const first = open();
    first.act('dismiss');
    first.act('mute', 99);
    expect(first.calls().sort()).toEqual([
      ['dismiss', 12],
      ['mute', 12, 99],
    ]);
    first.view.unmount();
    const second = open();
    second.act('dismiss');
    act(() => void window.dispatchEvent(new Event('pagehide')));
    expect(second.calls()).toEqual([['dismiss', 12]]);
    second.view.unmount();
    const third = open();
    third.act('dismiss');
    third.view.unmount();
    expect(third.calls()).toEqual([['dismiss', 12]]);
  });
});

describe('the undo offer', () => {
  test('the undo timer is paused while the pointer or focus is on the bar, and restarts afterwards', () => {
    const { act: does, view, wait, offered } = open();
    does('mute', 99);
    const snack = view.container.querySelector('.snack') as HTMLElement;
    expect(snack.dataset['shown']).toBe('true');
    fireEvent.pointerEnter(snack);
    wait(60_000);
    fireEvent.pointerLeave(snack);
    wait(7_999);
    expect(offered()).toBe(en.didMute('Terns'));
    fireEvent.focus(snack);
    wait(60_000);
    fireEvent.blur(snack);
    wait(7_999);
    expect(offered()).toBe(en.didMute('Terns'));
    wait(1);
    expect([offered(), snack.dataset['shown']]).toEqual(['', 'false']);
  });

  test('only Escape ends the undo offer', () => {
    const { act: does, view, offered } = open();
    does('mute', 99);
    fireEvent.keyDown(view.getByRole('button'), { key: 'x' });
    expect(offered()).toBe(en.didMute('Terns'));
    fireEvent.keyDown(view.getByRole('button'), { key: 'Escape' });
    expect(offered()).toBe('');
  });

  test.each([
    [{ key: 'z', ctrlKey: true }, true],
    [{ key: 'Z', metaKey: true }, true],
    [{ key: 'z' }, false],
    [{ key: 'y', ctrlKey: true }, false],
    [{ key: 'z', ctrlKey: true, shiftKey: true }, false],
    [{ key: 'z', ctrlKey: true, altKey: true }, false],
  ])('the key %j undoes: %s', (key, taken) => {
    const { act: does, calls } = open();
    does('markUnread');
    expect(fireEvent.keyDown(document.body, key)).toBe(!taken);
    expect(calls()).toEqual(
      taken
        ? [
            ['mark', 12, true],
            ['mark', 12, false],
          ]
        : [['mark', 12, true]],
    );
  });

  test('Ctrl+Z is left to fields and dialogs, and to the browser if there is nothing to undo', () => {
    const { act: does, calls } = open();
    expect(fireEvent.keyDown(document.body, { key: 'z', ctrlKey: true })).toBe(true);
    does('markUnread');
    for (const tag of ['input', 'textarea']) {
      const field = document.body.appendChild(document.createElement(tag));
      expect(fireEvent.keyDown(field, { key: 'z', ctrlKey: true }), tag).toBe(true);
      field.remove();
    }
    const dialog = document.body.appendChild(document.createElement('div'));
    dialog.setAttribute('role', 'dialog');
    expect(fireEvent.keyDown(dialog, { key: 'z', ctrlKey: true })).toBe(true);
    dialog.remove();
    expect(calls()).toEqual([['mark', 12, true]]);
  });

  test('undo focuses the restored conversation', () => {
    const row = document.createElement('a');
    row.href = '#/c/12';
    row.dataset['conversation'] = '12';
    document.body.append(row);
    const { act: does, undo, wait } = open();
    does('markUnread');
    undo();
    wait(20);
    expect(document.activeElement).toBe(row);
    row.remove();
  });
});
