import type { ConversationEntry } from '@everywire/chat-client';
import { useClient } from '@everywire/chat-react';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { focusComposer } from '../composer/focus-composer.js';
import { useWords } from '../i18n/words.js';
import './undo.css';

/** A finished action, which can be undone for a while if it has an `undo`. */
export interface Offer {
  /** The conversation in the list that the action changed. */
  readonly conversation: number | null;
  /** The text that describes the action. */
  readonly words: string;
  readonly undo: (() => void) | null;
  /** An irreversible action, deferred until the offer ends. */
  readonly leaving?: Leaving;
}

/** A conversation that is hidden from the list and dismissed when the offer ends. It stays if there is activity after `activityAt`. */
interface Leaving {
  readonly activityAt: number;
  readonly settle: () => void;
}

interface Undo {
  readonly offer: (offer: Offer) => void;
  /** Reports an action without an undo button. */
  readonly report: (done: string) => void;
  /** Returns whether a conversation is already hidden from the list. */
  readonly isLeaving: (entry: Pick<ConversationEntry, 'id' | 'activityAt'>) => boolean;
}

const UndoContext = createContext<Undo>({
  offer: () => undefined,
  report: () => undefined,
  isLeaving: () => false,
});

/** Returns the functions that report and offer to undo actions. */
export function useUndo(): Undo {
  return useContext(UndoContext);
}

/** How long undo is offered, in milliseconds. The timer is paused while the pointer or focus is on the bar. */
const OFFER_MS = 8_000;

/** Frames to wait for an undone row to appear: several seconds. */
const ROW_TRIES_MAX = 300;

/**
 * Renders a bar below the list with the last action and its undo button, reachable by pointer, Tab, and Ctrl+Z when the user is not typing.
 */
export function UndoProvider({ children }: { readonly children: ReactNode }) {
  const [current, setCurrent] = useState<Offer | null>(null);
  const [held, setHeld] = useState(false);
  const latest = useRef<Offer | null>(null);
  const chat = useClient();
  const end = useCallback(() => {
    const last = latest.current;
    const now = chat.getSnapshot().conversations.find(({ id }) => id === last?.conversation);
    if (last?.leaving !== undefined && now?.activityAt === last.leaving.activityAt) last.leaving.settle();
    latest.current = null;
    setCurrent(null);
    setHeld(false);
  }, [chat]);
  const offer = useCallback(
    (next: Offer) => {
      end();
      latest.current = next;
      setCurrent(next);
    },
    [end],
  );
  const undo = useCallback(() => {
    const last = latest.current;
    if (last?.undo == null) return;
    latest.current = null;
    setCurrent(null);
    setHeld(false);
    last.undo();
    // The user continues at the row once it is back in the list.
    if (last.conversation !== null) focusRow(last.conversation, ROW_TRIES_MAX);
  }, []);
  useEffect(() => {
    if (current === null || held) return;
    const timer = setTimeout(end, OFFER_MS);
    return () => clearTimeout(timer);
  }, [current, held, end]);
  useEffect(() => {
    window.addEventListener('pagehide', end);
    return () => {
      window.removeEventListener('pagehide', end);
      end();
    };
  }, [end]);
  useUndoKey(current, undo);
  const value = useMemo(
    () => ({
      offer,
      report: (words: string) => offer({ conversation: null, words, undo: null }),
      isLeaving: ({ id, activityAt }: Pick<ConversationEntry, 'id' | 'activityAt'>) =>
        current?.leaving !== undefined && current.conversation === id && current.leaving.activityAt === activityAt,
    }),
    [offer, current],
  );
  return (
    <UndoContext value={value}>
      {children}
      <Snack current={current} onUndo={undo} onEnd={end} onHold={setHeld} />
    </UndoContext>
  );
}

/** Focuses the row once it is in the list, which may need the server's answer. Gives up when something else has the focus by then. */
function focusRow(conversation: number, triesLeft: number): void {
  requestAnimationFrame(() => {
    const row = document.querySelector<HTMLElement>(`a[data-conversation="${conversation}"]`);
    if (row !== null) row.focus();
    else if (triesLeft > 1 && document.activeElement === document.body) focusRow(conversation, triesLeft - 1);
  });
}

/** Handles Ctrl+Z or ⌘Z. In a field with text, or one typed in since the offer, the key belongs to the field. */
function useUndoKey(offer: Offer | null, undo: () => void): void {
  useEffect(() => {
    if (offer === null || offer.undo === null) return;
    const written = new Set<EventTarget | null>();
    const onInput = ({ target }: Event) => void written.add(target);
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'z' || event.shiftKey || event.altKey || !(event.ctrlKey || event.metaKey))
        return;
      const target = event.target instanceof Element ? event.target : document.body;
      const field = target.closest('input, textarea, [contenteditable]');
      const isEmptyComposer = field instanceof HTMLTextAreaElement && field.value === '' && 'composer' in field.dataset;
      const isFree = field === null || (isEmptyComposer && !written.has(field));
      if (!isFree || target.closest('[role="dialog"]') !== null) return;
      event.preventDefault();
      undo();
    };
    document.addEventListener('input', onInput);
    document.addEventListener('keydown', onKeyDown);
    return () => {
      document.removeEventListener('input', onInput);
      document.removeEventListener('keydown', onKeyDown);
    };
  }, [offer, undo]);
}

interface SnackProps {
  readonly current: Offer | null;
  readonly onUndo: () => void;
  readonly onEnd: () => void;
  readonly onHold: (held: boolean) => void;
}

/** Renders the bar. The live region must exist before its text does, otherwise screen readers do not announce the text. */
function Snack({ current, onUndo, onEnd, onHold }: SnackProps) {
  const words = useWords();
  const isOffer = current !== null && current.undo !== null;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only records whether the pointer or focus is inside
    <div
      className="snack"
      data-shown={current !== null}
      onPointerEnter={() => onHold(true)}
      onPointerLeave={() => onHold(false)}
      onFocus={() => onHold(true)}
      onBlur={() => onHold(false)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        onEnd();
        focusComposer();
      }}
    >
      <span role="status">
        {current?.words}
        {isOffer && <span className="hide">{words.undoHint}</span>}
      </span>
      {isOffer && (
        <button type="button" className="text-button" aria-keyshortcuts="Control+Z Meta+Z" onClick={onUndo}>
          {words.undo}
        </button>
      )}
    </div>
  );
}
