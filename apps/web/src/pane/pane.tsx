import { type ChatClient, type ConversationEntry, isProvisional } from '@everywire/chat-client';
import { useClient, useOpenTimeline } from '@everywire/chat-react';
import { type ReactNode, useEffect } from 'react';
import { LazyPart, lazyComponent } from '../app/lazy-component.js';
import { useThreadInRoute } from '../app/route.js';
import { focusComposer } from '../composer/focus-composer.js';
import { useWords } from '../i18n/words.js';
import type { WireView } from '../wire/wire-view.js';
import { ConversationPane } from './conversation-pane.js';
import type { ScrollMemory } from './scroll-memory.js';
import './bubble.css';
import './message-text.css';
import './pane.css';
import './print.css';

const threadPane = lazyComponent(() => import('../thread/thread-pane.js').then((module) => module.ThreadPane));

interface PaneProps {
  readonly entry: ConversationEntry;
  /** The id it was opened with: the conversation's, or its provisional id before the first message. */
  readonly opened: number;
  readonly wire: WireView;
  readonly memory: ScrollMemory;
  readonly header: ReactNode;
}

/** Renders the open conversation, and its open thread next to it. Must be remounted for each conversation. */
export function Pane({ entry, opened, wire, memory, header }: PaneProps) {
  const words = useWords();
  const client = useClient();
  const timeline = useOpenTimeline(opened);
  const thread = useThreadInRoute(entry.id);
  useTypingAnywhere();
  return (
    <main className="panes" data-thread={thread !== null}>
      <section className="pane" aria-label={entry.title}>
        {header}
        {timeline !== null && (
          <ConversationPane
            entry={entry}
            root={null}
            label={words.messagesOf(entry.title)}
            placeholder={words.writeTo(entry.title)}
            wire={wire}
            memory={memory}
            timeline={timeline}
            unread={entry.unread}
            draft={entry.draft}
            readDraft={() => draftOf(client, entry.id)}
            onDraft={(text) => timeline.setDraft(text)}
          />
        )}
      </section>
      {thread !== null && <LazyPart key={thread} of={threadPane} props={{ entry, root: thread, wire }} />}
    </main>
  );
}

function draftOf(client: ChatClient, conversation: number): string {
  if (isProvisional(conversation)) return client.provisional(conversation).draft;
  return client.getSnapshot().conversations.find(({ id }) => id === conversation)?.draft ?? '';
}

/** Moves the focus to the composer when a character is typed outside of fields, dialogs and menus. */
function useTypingAnywhere(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if ([...event.key].length !== 1 || event.key === ' ') return;
      const target = event.target instanceof Element ? event.target : document.body;
      if (target.closest('input, textarea, select, [contenteditable], [role="dialog"], [role="menu"]') !== null) return;
      focusComposer(target);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}
