import type { TimelineSnapshot } from '@everywire/chat-client';
import { Fill } from '../i18n/fill.js';
import { errorWords, useWords } from '../i18n/words.js';
import { LoadingText } from '../look/loading-text.js';

/** Renders the reason why there are no messages to show. */
export function EmptyLog({ snapshot }: { readonly snapshot: TimelineSnapshot }) {
  const words = useWords();
  const { error, loading } = snapshot;
  return (
    <p className="empty-log" role="status">
      {error !== null && <Fill sentence={words.timelineFailed} reason={errorWords(words, error.code)} />}
      {error === null && (loading ? <LoadingText text={words.loadingMessages} /> : words.noMessages)}
    </p>
  );
}
