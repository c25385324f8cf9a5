import type { ConversationEntry } from '@everywire/chat-client';
import { useClient } from '@everywire/chat-react';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { useWords } from '../i18n/words.js';
import './undo.css';

/** Something that was done to a conversation of the list, and can be undone for a while. */
export interface Offer {
  readonly conversation: number;
  /** What was done. */
  readonly words: string;
  readonly undo: () => void;
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
  /** Whether a conversation is left out of the list already. */
  readonly isLeaving: (entry: Pick<ConversationEntry, 'id' | 'activityAt'>) => boolean;
}

const UndoContext = createContext<Undo>({ offer: () => undefined, isLeaving: () => false });

export function useUndo(): Undo {
  return useContext(UndoContext);
}

/** How long one may take something back; it stands still while the pointer or the focus is on it, milliseconds. */
const offerMs = 8_000;

/** Below the list: what was done last, and the way back, by pointer, by Tab, and by Ctrl Z wherever one is not writing. */
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
    if (last === null) return;
    latest.current = null;
    setCurrent(null);
    setHeld(false);
    last.undo();
    // Back in the list, it is where one goes on.
    requestAnimationFrame(() =>
      document.querySelector<HTMLElement>(`a[data-conversation="${last.conversation}"]`)?.focus(),
    );
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
  useUndoKey(current !== null, undo);
  const value = useMemo(
    () => ({
      offer,
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

/** Ctrl Z, ⌘ Z; where one is writing it is the field's. */
function useUndoKey(offered: boolean, undo: () => void): void {
  useEffect(() => {
    if (!offered) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'z' || event.shiftKey || event.altKey || !(event.ctrlKey || event.metaKey))
        return;
      const target = event.target instanceof Element ? event.target : document.body;
      if (target.closest('input, textarea, [contenteditable], [role="dialog"]') !== null) return;
      event.preventDefault();
      undo();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [offered, undo]);
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
        if (event.key === 'Escape') onEnd();
      }}
    >
      <span role="status">
        {current?.words}
        {current !== null && <span className="hide">{words.undoHint}</span>}
      </span>
      {current !== null && (
        <button type="button" className="text-button" aria-keyshortcuts="Control+Z Meta+Z" onClick={onUndo}>
          {words.undo}
        </button>
      )}
    </div>
  );
}
