import type { ConversationEntry } from '@everywire/chat-client';
import { CircleAlert, Clock } from 'lucide-react';
import { Icon } from '../design/icon.js';
import { Fill } from '../i18n/fill.js';
import { scriptOf } from '../i18n/script-of.js';
import { useWords } from '../i18n/words.js';
import { endedWords } from '../pane/closed-words.js';
import { ServiceWords } from '../pane/service-words.js';
import { TypingWords } from '../wire/typing-words.js';
import { oneLine, previewText } from './preview-text.js';

interface PreviewProps {
  readonly entry: ConversationEntry;
  readonly own: number;
  readonly current: boolean;
  readonly showTyping: boolean;
}

/** Renders the second line of a row: who is typing, otherwise the draft, otherwise the last message. */
export function Preview({ entry, own, current, showTyping }: PreviewProps) {
  const words = useWords();
  if (showTyping && entry.typing.length > 0) {
    return (
      <p className="last">
        <span className="typing-now">
          {entry.kind === 'direct' ? words.typing : <TypingWords typing={entry.typing} />}
        </span>
      </p>
    );
  }
  if (entry.draft.trim() !== '' && !current) {
    return (
      <p className="last" dir="auto" lang={scriptOf(entry.draft)}>
        <bdi className="draft">{words.draftMark}</bdi> {oneLine(entry.draft)}
      </p>
    );
  }
  const { preview } = entry;
  if (preview === null)
    return <p className="last">{entry.member ? words.noMessages : endedWords(entry.ended, words)}</p>;
  return <LastMessage preview={preview} kind={entry.kind} own={own} />;
}

interface LastMessageProps {
  readonly preview: NonNullable<ConversationEntry['preview']>;
  /** The kind of the conversation. */
  readonly kind: ConversationEntry['kind'];
  readonly own: number;
}

/** Renders a message in one line, in a group with its sender. */
export function LastMessage({ preview, kind, own }: LastMessageProps) {
  const words = useWords();
  // A pending message has no sender yet.
  const mine = preview.pending || preview.sender?.id === own;
  const sender = mine ? words.you : (preview.sender?.displayName ?? '');
  if (preview.service !== null) {
    return (
      <p className="last">
        <ServiceWords who={preview.sender} own={mine} change={preview.service} kind={kind} />
      </p>
    );
  }
  return (
    // The line has the direction of the text, so that it is truncated at the text's end.
    <p className="last" dir="auto" lang={scriptOf(preview.text)}>
      {preview.pending && (
        <bdi>
          <Unsent failed={preview.failed === true} />
        </bdi>
      )}
      {(mine || kind === 'group') && (
        <b>
          <Fill sentence={words.senderAndText} sender={<bdi>{sender}</bdi>} />
        </b>
      )}
      {previewText(preview, words)}
    </p>
  );
}

/** Renders the mark of a message that was not sent: a clock while it waits, an alert if it failed. */
function Unsent({ failed }: { readonly failed: boolean }) {
  const words = useWords();
  return (
    <span className={failed ? 'unsent failed' : 'unsent'}>
      <Icon of={failed ? CircleAlert : Clock} size={14} />
      <span className="hide">{failed ? words.notSentMark : words.waiting} </span>
    </span>
  );
}
