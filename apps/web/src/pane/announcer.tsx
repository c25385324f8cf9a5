import type { TimelineRow } from '@everywire/chat-client';
import { plainText } from '@everywire/markdown';
import { useEffect, useRef, useState } from 'react';
import { useWords } from '../i18n/words.js';
import { messageTree } from './message-tree.js';

interface AnnouncerProps {
  readonly rows: readonly TimelineRow[];
  readonly loading: boolean;
}

interface Announcement {
  readonly key: string;
  readonly name: string;
  readonly text: string;
}

const KEPT_ANNOUNCEMENTS = 3;

/**
 * Announces new messages of others to screen readers as "Name: text", once and politely. Separate from the message list, because the
 * virtual list adds and removes rows while scrolling, and a live region around it would read history aloud.
 */
export function Announcer({ rows, loading }: AnnouncerProps) {
  const words = useWords();
  const [announced, setAnnounced] = useState<readonly Announcement[]>([]);
  const lastKey = useRef<string | null>(null);
  useEffect(() => {
    const last = rows.at(-1);
    if (last === undefined || last.key === lastKey.current) return;
    const added = lastKey.current === null || loading ? [] : addedAfter(rows, lastKey.current);
    lastKey.current = last.key;
    if (added.length > 0) setAnnounced((before) => [...before, ...added].slice(-KEPT_ANNOUNCEMENTS));
  }, [rows, loading]);
  return (
    <div className="hide" role="log" aria-live="polite" aria-label={words.newMessages}>
      {announced.map((announcement) => (
        <p key={announcement.key}>{words.announced(announcement.name, announcement.text)}</p>
      ))}
    </div>
  );
}

/** Returns others' messages below the row that was the last one before; nothing if that row is gone. */
function addedAfter(rows: readonly TimelineRow[], key: string): readonly Announcement[] {
  const at = rows.findLastIndex((row) => row.key === key);
  if (at === -1) return [];
  return rows.slice(at + 1).flatMap((row) => {
    if (row.type !== 'message' || row.own) return [];
    const said = [plainText(messageTree(row.text)), ...row.files.map((file) => file.name)].filter(Boolean).join(', ');
    return [{ key: row.key, name: row.sender.displayName, text: said }];
  });
}
