import { useEffect, useRef, useState } from 'react';
import { useWords } from '../i18n/words.js';
import type { WireView } from './wire-view.js';

/**
 * Returns the connection state for screen readers, updated once per change. During an outage the state alternates between waiting and
 * trying; each is announced once per outage. A good connection is announced only after an outage.
 */
export function useStatusAnnouncement(view: WireView): string {
  const words = useWords();
  const [announcement, setAnnouncement] = useState('');
  const said = useRef(new Set<WireView['line']>());
  const seconds = view.line === 'slow' ? view.roundTripMs : 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another round trip or language is not a change of state
  useEffect(() => {
    const { line } = view;
    if (line === 'fine' || line === 'stream' || line === 'poll') {
      if (said.current.size > 0) setAnnouncement(words.connectedAgain);
      said.current.clear();
      return;
    }
    if (said.current.has(line)) return;
    said.current.add(line);
    if (line === 'slow') setAnnouncement(`${words.slow} ${words.slowWords(Math.max(1, Math.round(seconds / 1_000)))}`);
    else if (line === 'again') setAnnouncement(`${words.reconnecting} ${words.reconnectingWords}`);
    else if (line === 'blocked') setAnnouncement(`${words.blocked} ${words.blockedWords}`);
    else setAnnouncement(`${words.cut} ${words.cutWords}`);
  }, [view.line]);
  return announcement;
}
