import type { ConversationEntry } from '@everywire/chat-client';
import { useEffect } from 'react';
import { goToConversation } from './route.js';

interface ShortcutsInput {
  readonly conversations: readonly ConversationEntry[];
  /** The open conversation, or `null`. */
  readonly open: number | null;
  /** Shows the list of all keys. */
  readonly onHelp: () => void;
}

/** The parts of the page that F6 goes through, in their order, and where the focus enters them. */
const PARTS = '.list, .log, .composer, .details';
const ENTRIES = '.conversation[tabindex="0"], [data-key][tabindex="0"], [data-composer], .details button';

/** Handles the keys that work anywhere outside of dialogs: Alt+↑ and Alt+↓, F6 and Shift+F6, Ctrl+/ or ⌘/. */
export function useShortcuts({ conversations, open, onHelp }: ShortcutsInput): void {
  useEffect(() => {
    const goBy = (step: 1 | -1) => {
      const next = nextOf(conversations, open, step);
      if (next !== null) goToConversation(next);
    };
    const actions = new Map([
      ['Alt+ArrowUp', () => goBy(-1)],
      ['Alt+ArrowDown', () => goBy(1)],
      ['F6', () => focusPart(1)],
      ['Shift+F6', () => focusPart(-1)],
      ['Ctrl+/', onHelp],
    ]);
    const onKeyDown = (event: KeyboardEvent) => {
      const action = actions.get(chordOf(event));
      if (action === undefined || document.querySelector('[role="dialog"], [role="menu"]') !== null) return;
      event.preventDefault();
      action();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [conversations, open, onHelp]);
}

function chordOf({ ctrlKey, metaKey, altKey, shiftKey, key }: KeyboardEvent): string {
  const held = [ctrlKey || metaKey ? 'Ctrl+' : '', altKey ? 'Alt+' : '', shiftKey && key !== '/' ? 'Shift+' : ''];
  return held.join('') + key;
}

/** Returns the conversation above or below the open one in the list, without archived ones; `null` beyond its ends. */
function nextOf(conversations: readonly ConversationEntry[], open: number | null, step: 1 | -1): number | null {
  const of = (place: ConversationEntry['place']) => conversations.filter((entry) => entry.place === place);
  const listed = [...of('pinned'), ...of('normal')];
  const at = listed.findIndex(({ id }) => id === open);
  return listed[at === -1 ? 0 : at + step]?.id ?? null;
}

function focusPart(step: 1 | -1): void {
  const entries = [...document.querySelectorAll<HTMLElement>(PARTS)].flatMap((part) => {
    const entry = part.querySelector<HTMLElement>(ENTRIES);
    return entry?.checkVisibility() === true ? [{ part, entry }] : [];
  });
  const at = entries.findIndex(({ part }) => part.contains(document.activeElement));
  const next = at === -1 && step === -1 ? entries.length - 1 : at + step;
  entries[(next + entries.length) % entries.length]?.entry.focus();
}
