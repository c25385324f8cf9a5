import type { ConversationEntry } from '@everywire/chat-client';
import { parseMarkdown, plainText } from '@everywire/markdown';
import { Fill } from '../i18n/fill.js';
import { scriptOf } from '../i18n/script-of.js';
import { useWords } from '../i18n/words.js';
import { endedWords } from '../pane/closed-words.js';
import { ServiceWords } from '../pane/service-words.js';
import { TypingWords } from '../wire/typing-words.js';

interface PreviewProps {
  readonly entry: ConversationEntry;
  readonly own: number;
  readonly current: boolean;
  readonly showTyping: boolean;
}

/** The second line of a row: who is typing, else a draft left there, else the last message. */
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
      <p className="last" lang={scriptOf(entry.draft)}>
        <bdi>
          <span className="draft">{words.draftMark}</span> {oneLine(entry.draft)}
        </bdi>
      </p>
    );
  }
  return <LastMessage entry={entry} own={own} />;
}

function LastMessage({ entry, own }: { readonly entry: ConversationEntry; readonly own: number }) {
  const words = useWords();
  const { preview } = entry;
  if (preview === null)
    return <p className="last">{entry.member ? words.noMessages : endedWords(entry.ended, words)}</p>;
  // What is still on its way from here has no sender yet.
  const mine = preview.pending || preview.sender?.id === own;
  const sender = mine ? words.you : (preview.sender?.displayName ?? '');
  if (preview.service !== null) {
    return (
      <p className="last">
        <bdi>
          <ServiceWords who={preview.sender} own={mine} change={preview.service} kind={entry.kind} />
        </bdi>
      </p>
    );
  }
  return (
    <p className="last" lang={scriptOf(preview.text)}>
      <bdi>
        {(mine || entry.kind === 'group') && (
          <b>
            <Fill sentence={words.senderAndText} sender={<bdi>{sender}</bdi>} />
          </b>
        )}
        {oneLine(plainText(parseMarkdown(preview.text.slice(0, previewCharacters))))}
      </bdi>
    </p>
  );
}

/** Only what one line can show: a text may be 16 kB. */
const previewCharacters = 200;

function oneLine(text: string): string {
  return text.slice(0, previewCharacters).replace(/\s+/g, ' ');
}
