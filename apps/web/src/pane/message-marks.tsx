import type { MessageRowView, Quote, ReactionView } from '@everywire/chat-client';
import { Forward, MessagesSquare, Pin } from 'lucide-react';
import { useState } from 'react';
import { fileAddress } from '../app/file-address.js';
import { useFilesOpen } from '../app/files-open-context.js';
import { Icon } from '../design/icon.js';
import { Fill } from '../i18n/fill.js';
import { useWords } from '../i18n/words.js';
import { isPicture, type PictureRef } from './picture.js';
import { RowLine } from './row-line.js';
import { usePlaceholder } from './use-placeholder.js';
import './message-marks.css';

/** Renders the quoted message above the text of a reply, as it is now. Pressing it goes to that message. */
export function QuoteLine({ quote, onGoTo }: { readonly quote: Quote; readonly onGoTo: (sequence: number) => void }) {
  const words = useWords().messages;
  if (quote.state === 'loading') return <p className="quote" aria-busy="true" />;
  if (quote.state === 'unavailable')
    return (
      <p className="quote gone" dir="auto">
        {words.quoteGone}
      </p>
    );
  const picture = quote.files.find(isPicture);
  return (
    <button type="button" className="quote" title={words.toQuoted} onClick={() => onGoTo(quote.sequence)}>
      {picture !== undefined && <Thumb file={picture} />}
      <span>
        <b>
          <bdi>{quote.sender.displayName}</bdi>
        </b>
        <span dir="auto">
          <RowLine row={quote} />
        </span>
      </span>
    </button>
  );
}

/** Renders the first picture of the quoted message. Decorative: the text next to it says the same. */
function Thumb({ file }: { readonly file: PictureRef }) {
  const { backgroundImage, onLoad } = usePlaceholder(file);
  const [missing, setMissing] = useState(false);
  const filesOpen = useFilesOpen();
  return (
    <span className="quoted-picture" style={{ backgroundImage }}>
      {!missing && filesOpen && (
        <img src={`${fileAddress(file.id)}/preview`} alt="" onLoad={onLoad} onError={() => setMissing(true)} />
      )}
    </span>
  );
}

/**
 * Renders the original sender of a forwarded message. `from` is empty if the user may not see that person, for example as a guest (CH-39).
 */
export function ForwardedLine({ from }: { readonly from: string }) {
  const words = useWords().messages;
  return (
    // Has its own text direction; that of the bubble is the direction of the message.
    <p className="forwarded" dir="auto">
      <Icon of={Forward} size={14} />
      <span>{from === '' ? words.forwarded : <Fill sentence={words.forwardedFrom} name={<bdi>{from}</bdi>} />}</span>
    </p>
  );
}

/** Renders the marks after the text: pinned, edited. */
export function MessageMarks({ row, onVersions }: { readonly row: MessageRowView; readonly onVersions: () => void }) {
  const words = useWords().messages;
  if (row.editedAt === null && row.pinned === null) return null;
  return (
    <span className="marks">
      {row.pinned !== null && (
        <span title={words.pinnedHere}>
          <Icon of={Pin} size={14} />
          <span className="hide">{words.pinnedHere}</span>
        </span>
      )}
      {row.editedAt !== null && (
        <button type="button" className="edited" title={words.showVersions} onClick={onVersions}>
          {words.edited}
        </button>
      )}
    </span>
  );
}

interface ReactionsProps {
  readonly reactions: readonly ReactionView[];
  readonly onReact: (emoji: string, set: boolean) => void;
}

/** Renders the reactions as toggle buttons, pressed if the user has set them. */
export function Reactions({ reactions, onReact }: ReactionsProps) {
  const words = useWords().messages;
  if (reactions.length === 0) return null;
  return (
    // These are toggle buttons and not form values, so it is not a `fieldset`.
    // biome-ignore lint/a11y/useSemanticElements: see above
    <div className="reactions" role="group" aria-label={words.reactions}>
      {reactions.map(({ emoji, people, own }) => {
        const names = people.map((person) => person.displayName).join(', ');
        return (
          <button
            key={emoji}
            type="button"
            aria-pressed={own}
            aria-label={`${words.reactedWith(names, emoji)}, ${people.length}`}
            title={names}
            onClick={() => onReact(emoji, !own)}
          >
            <span aria-hidden="true">{emoji}</span>
            <span className="num">{people.length}</span>
          </button>
        );
      })}
    </div>
  );
}

interface RepliesProps {
  readonly row: Pick<MessageRowView, 'sequence' | 'replies' | 'repliesUnread'>;
  readonly onThread: ((root: number) => void) | null;
}

/** Renders the button that opens a message's thread, with the number of unread replies. */
export function Replies({ row, onThread }: RepliesProps) {
  const words = useWords().messages;
  const { sequence, replies, repliesUnread } = row;
  if (replies === 0 || sequence === null || onThread === null) return null;
  return (
    <button type="button" className="replies" onClick={() => onThread(sequence)}>
      <Icon of={MessagesSquare} size={16} />
      {words.repliesCount(replies)}
      {repliesUnread > 0 && <span className="count">{words.newCount(repliesUnread)}</span>}
    </button>
  );
}
