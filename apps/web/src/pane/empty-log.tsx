import type { TimelineSnapshot } from '@everywire/chat-client';
import { LoadingText } from '../design/loading-text.js';
import { Fill } from '../i18n/fill.js';
import { errorWords, useWords } from '../i18n/words.js';

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
