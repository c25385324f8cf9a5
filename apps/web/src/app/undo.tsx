import type { ConversationEntry } from '@everywire/chat-client';
import { useClient } from '@everywire/chat-react';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { focusComposer } from '../composer/focus-composer.js';
import { useWords } from '../i18n/words.js';
import './undo.css';

/** Something that was done, and can be undone for a while where there is an `undo`. */
export interface Offer {
  /** The one of the list that it was done to. */
  readonly conversation: number | null;
  /** What was done. */
  readonly words: string;
  readonly undo: (() => void) | null;
  /** What cannot be undone once it is done, and so is done when the offer ends. */
  readonly leaving?: Leaving;
}

/** A conversation that is about to leave the list. It stays where something has happened in it since `activityAt`. */
interface Leaving {
  readonly activityAt: number;
  readonly settle: () => void;
}

interface Undo {
  readonly offer: (offer: Offer) => void;
  /** Says what was done, in words; there is no way back. */
  readonly report: (done: string) => void;
  /** Whether a conversation is left out of the list already. */
  readonly isLeaving: (entry: Pick<ConversationEntry, 'id' | 'activityAt'>) => boolean;
}

const UndoContext = createContext<Undo>({
  offer: () => undefined,
  report: () => undefined,
  isLeaving: () => false,
});

export function useUndo(): Undo {
  return useContext(UndoContext);
}

/** How long one may take something back; it stands still while the pointer or the focus is on it, milliseconds. */
const offerMs = 8_000;

/** Frames for which an undone row is waited for: some seconds. */
const rowTriesMax = 300;

/** Below the list: what was done last, and the way back, by pointer, by Tab, and by Ctrl Z wherever nothing is being written. */
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
    // Back in the list, it is where one goes on.
    if (last.conversation !== null) focusRow(last.conversation, rowTriesMax);
  }, []);
  useEffect(() => {
    if (current === null || held) return;
    const timer = setTimeout(end, offerMs);
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

/** Focuses the row as soon as it is in the list, which may take the server's answer; no longer where something else has the focus by then. */
function focusRow(conversation: number, triesLeft: number): void {
  requestAnimationFrame(() => {
    const row = document.querySelector<HTMLElement>(`a[data-conversation="${conversation}"]`);
    if (row !== null) row.focus();
    else if (triesLeft > 1 && document.activeElement === document.body) focusRow(conversation, triesLeft - 1);
  });
}

/** Ctrl Z, ⌘ Z; in a field that holds something, or in which one has written since the offer, it is the field's. */
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

/** The live region is there before it has something to say, else a screen reader would not say it. */
function Snack({ current, onUndo, onEnd, onHold }: SnackProps) {
  const words = useWords();
  const isOffer = current !== null && current.undo !== null;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only notes whether somebody is on it
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
