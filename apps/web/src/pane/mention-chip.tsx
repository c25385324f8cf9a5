import type { ConversationEntry, TimelineRow } from '@everywire/chat-client';
import { AtSign } from 'lucide-react';
import { useState } from 'react';
import { useWords } from '../i18n/words.js';
import { Icon } from '../look/icon.js';

interface MentionChipProps {
  readonly entry: ConversationEntry;
  readonly rows: readonly TimelineRow[];
  readonly onGoTo: (sequence: number) => void;
}

/** Through the unread messages that call the reader, one after the other. */
export function MentionChip({ entry, rows, onGoTo }: MentionChipProps) {
  const words = useWords().messages;
  const { mentions, mentionAt } = entry;
  const [visited, setVisited] = useState(0);
  if (mentions === 0 || mentionAt === null) return null;
  const held = rows.flatMap((row) => (row.type === 'message' && row.mentionsMe ? (row.sequence ?? []) : []));
  const next = [mentionAt, ...held].find((sequence) => sequence >= mentionAt && sequence > visited);
  if (next === undefined) return null;
  return (
    <button
      type="button"
      className="latest mention"
      aria-label={words.mentionsUnread(mentions)}
      title={words.mentionsUnread(mentions)}
      onClick={() => {
        setVisited(next);
        onGoTo(next);
      }}
    >
      <Icon of={AtSign} size={16} />
      <span className="num">{mentions > 100 ? '100+' : mentions}</span>
    </button>
  );
}
