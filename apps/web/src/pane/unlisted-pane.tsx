import type { Timeline } from '@everywire/chat-client';
import { useOpenTimeline, useTimelineSnapshot } from '@everywire/chat-react';
import { useWords } from '../i18n/words.js';
import { Problem } from '../look/problem.js';

/** A conversation that is open by its address, as a hit of a search is, and that the list has not loaded: opening its log loads it. */
export function UnlistedPane({ conversation }: { readonly conversation: number }) {
  const timeline = useOpenTimeline(conversation);
  return (
    <section className="pane">
      <p className="empty-log">{timeline !== null && <State timeline={timeline} />}</p>
    </section>
  );
}

function State({ timeline }: { readonly timeline: Timeline }) {
  const words = useWords();
  const { error } = useTimelineSnapshot(timeline);
  return error === null ? words.listLoading : <Problem code={error.code} />;
}
