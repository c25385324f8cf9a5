import type { ConversationEntry, TimelineSnapshot } from '@everywire/chat-client';
import { useChat } from '@everywire/chat-react';
import { useConnected } from '../app/connected-context.js';
import { LastMessage } from '../conversations/preview.js';
import { LoadingText } from '../design/loading-text.js';
import { Fill } from '../i18n/fill.js';
import { errorWords, useWords } from '../i18n/words.js';

interface EmptyLogProps {
  readonly entry: ConversationEntry;
  /** The root of the shown thread; `null` for the conversation. */
  readonly root: number | null;
  readonly snapshot: TimelineSnapshot;
}

/**
 * Renders the reason why there are no messages to show. Without a connection, also above messages that are not sent yet,
 * because the conversation would look empty otherwise.
 */
export function EmptyLog({ entry, root, snapshot }: EmptyLogProps) {
  const words = useWords();
  const { me } = useChat();
  const connected = useConnected();
  const { error, loading, rows, atStart } = snapshot;
  const offline = !connected && !atStart && error === null;
  const held = rows.some((row) => row.type !== 'message' || row.sequence !== null);
  if (held || (rows.length > 0 && !offline)) return null;
  const last = root === null ? entry.lastSent : null;
  return (
    <div className="empty-log">
      <p role="status">
        {error !== null && <Fill sentence={words.timelineFailed} reason={errorWords(words, error.code)} />}
        {offline && words.olderWhenOnline}
        {error === null && !offline && (loading ? <LoadingText text={words.loadingMessages} /> : words.noMessages)}
      </p>
      {offline && last !== null && <LastMessage preview={last} kind={entry.kind} own={me.id} />}
    </div>
  );
}
