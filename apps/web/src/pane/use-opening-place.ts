import type { TimelineSnapshot } from '@everywire/chat-client';
import { useRef } from 'react';
import { usePreferences } from '../design/preferences.js';
import type { WireView } from '../wire/wire-view.js';

interface Opening {
  /** Has no rows until the opening place is known. */
  readonly snapshot: TimelineSnapshot;
  /** The message to open at; `null` for the end. */
  readonly opensAt: string | null;
}

/**
 * Decides where a conversation opens. Shows no messages while the first unread one is being fetched, so that nothing moves later. Without a
 * connection, opens at the end of what is loaded and stays there.
 */
export function useOpeningPlace(snapshot: TimelineSnapshot, unreadKey: string | null, { line }: WireView): Opening {
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
