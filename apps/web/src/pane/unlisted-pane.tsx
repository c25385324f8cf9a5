import type { Timeline } from '@everywire/chat-client';
import { useOpenTimeline, useTimelineSnapshot } from '@everywire/chat-react';
import { useConnected } from '../app/connected-context.js';
import { LoadingText } from '../design/loading-text.js';
import { Problem } from '../design/problem.js';
import { useWords } from '../i18n/words.js';

/**
 * Renders a conversation that was opened by its address, for example from a search result, and is not in the loaded list. Opening its
 * timeline loads it.
 */
export function UnlistedPane({ conversation }: { readonly conversation: number }) {
  const timeline = useOpenTimeline(conversation);
  return (
    <main className="pane">
      <p className="empty-log">{timeline !== null && <State timeline={timeline} />}</p>
    </main>
  );
}

function State({ timeline }: { readonly timeline: Timeline }) {
  const words = useWords();
  const { error } = useTimelineSnapshot(timeline);
  const connected = useConnected();
  if (error !== null) return <Problem code={error.code} />;
  return connected ? <LoadingText text={words.listLoading} /> : words.olderWhenOnline;
}
