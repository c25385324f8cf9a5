import type { ConversationEntry, Timeline, TimelineRow } from '@everywire/chat-client';
import { AtSign, ChevronUp } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useWords } from '../i18n/words.js';
import { Icon } from '../look/icon.js';
import { nextMention, previousMention } from './mention-walk.js';

interface MentionChipProps {
  readonly entry: ConversationEntry;
  readonly rows: readonly TimelineRow[];
  readonly timeline: Timeline;
  readonly onGoTo: (sequence: number) => void;
}

/** Through the unread messages that call the reader, one after the other and back; what is not held on the way is fetched. */
export function MentionChip({ entry, rows, timeline, onGoTo }: MentionChipProps) {
  const words = useWords().messages;
  const { mentions, mentionAt } = entry;
  const [visited, setVisited] = useState(0);
  const [seeking, setSeeking] = useState(false);
  const walk = { rows, first: mentionAt ?? 0, count: mentions, visited };
  const none = mentions === 0 || mentionAt === null;
  const next = none ? null : nextMention(walk);
  const previous = none ? null : previousMention(walk);
  // Each answer that left some of the gap is followed by another question, until a mention has come or the gap is gone.
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
          aria-label={words.mentionsUnread(mentions)}
          title={words.mentionsUnread(mentions)}
          aria-busy={seeking}
          onClick={() => setSeeking(true)}
        >
          <Icon of={AtSign} size={16} />
          <span className="num">{mentions > 100 ? '100+' : mentions}</span>
        </button>
      )}
    </div>
  );
}
