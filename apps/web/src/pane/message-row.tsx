import type { TimelineRow } from '@everywire/chat-client';
import { memo } from 'react';
import { clockTime } from '../i18n/dates.js';
import { scriptOf } from '../i18n/script-of.js';
import { useWords } from '../i18n/words.js';
import { Avatar } from '../look/avatar.js';
import { usePreferences } from '../look/preferences.js';
import { MessageText } from './message-text.js';
import { receiptWords, Stamp } from './stamp.js';
import { Trouble } from './trouble.js';

export interface MessageRowProps {
  readonly row: Extract<TimelineRow, { readonly type: 'message' }>;
  readonly head: boolean;
  readonly tail: boolean;
  readonly stamped: boolean;
  readonly firstWaiting: boolean;
  /** In a group conversation receipts count readers. */
  readonly group: boolean;
  readonly tabStop: boolean;
  readonly onRetry: (key: string) => void;
  readonly onEdit: (key: string) => void;
  readonly onDiscard: (key: string) => void;
}

/** One message: a bubble, its sender above the group's first, its stamp outside. */
export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { row, head, tail, stamped, firstWaiting, group, tabStop, onRetry, onEdit, onDiscard } = props;
  const words = useWords();
  const [{ language }] = usePreferences();
  const failed = row.receipt?.state === 'failed' ? row.receipt.code : null;
  const name = row.own ? words.you : row.sender.displayName;
  const time = clockTime(row.sentAt, language);
  const label = [words.announced(name, row.text), time, receiptWords(row.receipt, group, words)]
    .filter(Boolean)
    .join(', ');
  const classes = ['group', row.own ? 'own' : 'other', head ? 'head' : 'follow', tail ? 'tail' : ''];
  return (
    <article className={classes.join(' ')} aria-label={label} tabIndex={tabStop ? 0 : -1} data-key={row.key}>
      {!row.own &&
        (head ? <Avatar id={row.sender.id} name={row.sender.displayName} kind="person" size="message" /> : <span />)}
      <div className="slips">
        {!row.own && head && (
          <h3 className="from">
            <bdi>{row.sender.displayName}</bdi>
            <time className="num">{time}</time>
          </h3>
        )}
        <div className={failed === null ? 'slip' : 'slip failed'}>
          <div className="bubble" dir="auto" lang={scriptOf(row.text)}>
            <MessageText text={row.text} />
          </div>
          {failed === null && (row.own || !head) && (
            <Stamp
              sentAt={row.sentAt}
              receipt={row.receipt}
              group={group}
              always={row.own && stamped}
              waitingInWords={firstWaiting}
            />
          )}
        </div>
        {failed !== null && (
          <Trouble
            code={failed}
            onRetry={() => onRetry(row.key)}
            onEdit={() => onEdit(row.key)}
            onDiscard={() => onDiscard(row.key)}
          />
        )}
      </div>
    </article>
  );
});
