import type { ReceiptView } from '@everywire/chat-client';
import { Check, CheckCheck, Clock } from 'lucide-react';
import type { ReactNode } from 'react';
import { Icon } from '../design/icon.js';
import { usePreferences } from '../design/preferences.js';
import { clockTime } from '../i18n/dates.js';
import { errorWords, sentence, useWords } from '../i18n/words.js';
import type { Words } from '../i18n/zh.js';

interface StampProps {
  readonly sentAt: number;
  readonly receipt: ReceiptView | null;
  readonly group: boolean;
  /** Only the last bubble of a group always shows its stamp; the others show it on hover or focus. */
  readonly always: boolean;
  readonly waitingInWords: boolean;
  /** Opens the list of readers; `null` if the user may not see it. */
  readonly onReaders: (() => void) | null;
}

/** Renders time and receipt outside the bubble, so that the bubble contains only the text. */
export function Stamp({ sentAt, receipt, group, always, waitingInWords, onReaders }: StampProps) {
  const words = useWords();
  const [{ language }] = usePreferences();
  const time = <span className="num">{clockTime(sentAt, language)}</span>;
  const shown = always || receipt?.state === 'waiting' || receipt?.state === 'sending';
  const look = { className: shown ? 'stamp' : 'stamp at-hand', 'data-receipt': receipt?.state };
  const mark = (
    <ReceiptMark receipt={receipt} group={group} time={time} waitingInWords={waitingInWords} words={words} />
  );
  if (onReaders === null) return <span {...look}>{mark}</span>;
  return (
    // For the pointer only. With the keyboard the message menu opens it, so that each message has one tab stop.
    <button type="button" {...look} tabIndex={-1} title={words.messages.readers} onClick={onReaders}>
      {mark}
    </button>
  );
}

interface ReceiptMarkProps {
  readonly receipt: ReceiptView | null;
  readonly group: boolean;
  readonly time: ReactNode;
  readonly waitingInWords: boolean;
  readonly words: Words;
}

function ReceiptMark({ receipt, group, time, waitingInWords, words }: ReceiptMarkProps) {
  switch (receipt?.state) {
    case undefined:
    case 'failed':
      return time;
    case 'waiting':
      if (receipt.code !== undefined && waitingInWords) return <HeldReason code={receipt.code} />;
      return (
        <>
          <Icon of={Clock} size={14} />
          {waitingInWords ? words.waiting : time}
          {!waitingInWords && <span className="hide">{words.waiting}</span>}
        </>
      );
    case 'sending':
      return (
        <>
          <Icon of={Clock} size={14} />
          {time}
          <span className="hide">{words.sending}</span>
        </>
      );
    case 'sent':
      return (
        <>
          {time}
          <Icon of={Check} size={14} />
          <span className="hide">{words.sent}</span>
        </>
      );
    case 'delivered':
      return (
        <>
          {time}
          <Icon of={CheckCheck} size={14} />
          <span className="hide">{words.delivered}</span>
        </>
      );
    case 'read':
      return (
        <>
          {time}
          <span className="read">
            <Icon of={CheckCheck} size={14} />
          </span>
          <span className="read">{group ? words.readBy(receipt.count) : words.read}</span>
        </>
      );
  }
}

/** Renders the reason why the server does not accept the message yet. It is retried automatically. */
function HeldReason({ code }: { readonly code: string }) {
  const words = useWords();
  return (
    <>
      <Icon of={Clock} size={14} />
      <span role="status">{sentence(errorWords(words, code))}</span>
    </>
  );
}

/** Returns the receipt as text, for the label of a message. */
export function receiptWords(receipt: ReceiptView | null, group: boolean, words: Words): string {
  if (receipt === null || receipt.state === 'failed') return '';
  switch (receipt.state) {
    case 'read':
      return group ? words.readBy(receipt.count) : words.read;
    case 'waiting':
      return receipt.code === undefined ? words.waiting : errorWords(words, receipt.code);
    default:
      return words[receipt.state];
  }
}
