import type { TimelineSnapshot } from '@everywire/chat-client';
import { useRef } from 'react';
import { usePreferences } from '../look/preferences.js';
import type { WireView } from '../wire/wire-view.js';

interface Opening {
  /** Without rows until it is known where it opens. */
  readonly snapshot: TimelineSnapshot;
  /** The message to open at; `null` for the end. */
  readonly opensAt: string | null;
}

/**
 * Where the first unread message has to be fetched, nothing is shown until it is there: so nothing moves then. Without a connection it opens at the end of what is
 * held, and stays there.
 */
export function useOpening(snapshot: TimelineSnapshot, unreadKey: string | null, { line }: WireView): Opening {
  const [{ openAtEnd }] = usePreferences();
  const opened = useRef<'not' | 'unread' | 'end'>('not');
  const { rows, unreadSought } = snapshot;
  const waits = unreadSought && !openAtEnd && line !== 'again' && line !== 'cut';
  if (opened.current === 'not' && rows.length > 0 && !waits)
    opened.current = openAtEnd || unreadSought ? 'end' : 'unread';
  return {
    snapshot: opened.current === 'not' && waits ? { ...snapshot, rows: [], loading: true } : snapshot,
    opensAt: opened.current === 'end' ? null : unreadKey,
  };
}
