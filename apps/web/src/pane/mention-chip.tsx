import type { ConversationEntry, Timeline, TimelineRow } from '@everywire/chat-client';
import { AtSign, ChevronUp } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Icon } from '../design/icon.js';
import { useWords } from '../i18n/words.js';
import { nextMention, previousMention } from './mention-walk.js';

/** Props of `MentionChip`. */
export interface MentionChipProps {
  readonly entry: ConversationEntry;
  readonly rows: readonly TimelineRow[];
  readonly timeline: Timeline;
  /** Sequences of mentions that were visible on the screen. */
  readonly seen: ReadonlySet<number>;
  readonly onGoTo: (sequence: number) => void;
}

/**
 * Renders the buttons that step through the unread mentions of the user, skipping those that were visible, and load gaps on the way.
 * Mentions that were skipped remain after the user has read to the end.
 */
export function MentionChip({ entry, rows, timeline, seen, onGoTo }: MentionChipProps) {
  const words = useWords().messages;
  const { first, mentions } = useUnreadMentions(entry, rows);
  const [visited, setVisited] = useState(0);
  const [seeking, setSeeking] = useState(false);
  const walk = { rows, first: first ?? 0, count: mentions, visited, seen };
  const none = mentions === 0 || first === null;
  const left = mentions - [...seen].filter((sequence) => sequence >= (first ?? 0)).length;
  const next = none ? null : nextMention(walk);
  const previous = none ? null : previousMention(walk);
  // A partial answer is followed by another request, until a mention has loaded or the gap is closed.
  useEffect(() => {
    if (!seeking) return;
    if (next?.at === 'gap') {
      if (!next.loading) timeline.fillGap(next.key, 'older');
      return;
    }
    setSeeking(false);
    if (next !== null) {
      setVisited(next.sequence);
      onGoTo(next.sequence);
    }
  }, [seeking, next, timeline, onGoTo]);
  if (next === null && previous === null) return null;
  return (
    <div className="mentions">
      {previous?.at === 'message' && (
        <button
          type="button"
          className="latest"
          aria-label={words.previousMention}
          title={words.previousMention}
          onClick={() => {
            setSeeking(false);
            setVisited(previous.sequence);
            onGoTo(previous.sequence);
          }}
        >
          <Icon of={ChevronUp} size={16} />
        </button>
      )}
      {next !== null && (
        <button
          type="button"
          className="latest mention"
          aria-label={words.mentionsUnread(Math.max(1, left))}
          title={words.mentionsUnread(Math.max(1, left))}
          aria-busy={seeking}
          onClick={() => setSeeking(true)}
        >
          <Icon of={AtSign} size={16} />
          <span className="num">{left > 100 ? '100+' : Math.max(1, left)}</span>
        </button>
      )}
    </div>
  );
}

/**
 * Returns the first mention that was unread since the conversation opened, and their number, because the entry drops mentions once read.
 */
function useUnreadMentions(
  { mentions, mentionAt }: ConversationEntry,
  rows: readonly TimelineRow[],
): { readonly first: number | null; readonly mentions: number } {
  const met = useRef<{ first: number | null; mentions: number }>({ first: null, mentions: 0 });
  const { first } = met.current;
  if (mentionAt !== null && mentions > 0) {
    const from = Math.min(first ?? mentionAt, mentionAt);
    const before = rows.filter(
      (row) =>
        row.type === 'message' && row.mentionsMe && (row.sequence ?? 0) >= from && (row.sequence ?? 0) < mentionAt,
    );
    met.current = { first: from, mentions: Math.max(met.current.mentions, before.length + mentions) };
  }
  return met.current;
}
