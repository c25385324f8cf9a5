import { MessagesSquare } from 'lucide-react';
import { Icon } from '../design/icon.js';
import { useWords } from '../i18n/words.js';
import type { Badge } from './badge.js';

/**
 * Renders the badges of a row. Filled: unread. Outlined: unread and muted. Copper @: mentioned. Dot: marked as unread. With an icon: in
 * threads.
 */
export function RowBadges({ badge }: { readonly badge: Badge }) {
  const words = useWords();
  const { unread, inThreads, quiet, mentioned, marked } = badge;
  return (
    <span className="badges">
      {mentioned && (
        <span className="count call">
          <span aria-hidden="true">@</span>
          <span className="hide">{words.calledMark}</span>
        </span>
      )}
      {inThreads > 0 && (
        <span className={quiet ? 'count quiet in-threads' : 'count in-threads'}>
          <Icon of={MessagesSquare} size={14} />
          <span aria-hidden="true">{inThreads > 999 ? '999+' : inThreads}</span>
          <span className="hide">{words.unreadInThreads(inThreads)}</span>
        </span>
      )}
      {unread > 0 && (
        <span className={quiet ? 'count quiet' : 'count'}>
          <span aria-hidden="true">{unread > 999 ? '999+' : unread}</span>
          <span className="hide">{words.unreadCount(unread)}</span>
        </span>
      )}
      {marked && (
        <span className={quiet ? 'count quiet by-hand' : 'count by-hand'}>
          <span className="hide">{words.markedUnread}</span>
        </span>
      )}
    </span>
  );
}
