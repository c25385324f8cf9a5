import type { ConversationEntry } from '@everywire/chat-client';
import { useChat, useOpenThread } from '@everywire/chat-react';
import { ChevronLeft, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useState } from 'react';
import { closeThread } from '../app/route.js';
import { focusComposer, hasTouchKeyboard } from '../composer/focus-composer.js';
import { Icon } from '../design/icon.js';
import { useWords } from '../i18n/words.js';
import { ConversationPane } from '../pane/conversation-pane.js';
import { createScrollMemory } from '../pane/scroll-memory.js';
import type { WireView } from '../wire/wire-view.js';
import { storeThreadDraft, threadDraft } from './thread-drafts.js';
import './thread.css';

interface ThreadPaneProps {
  readonly entry: ConversationEntry;
  /** The sequence of the thread's root message. */
  readonly root: number;
  readonly wire: WireView;
}

/** Renders a thread next to its conversation, or over it if there is not enough space. Must be remounted for each thread. */
export function ThreadPane({ entry, root, wire }: ThreadPaneProps) {
  const words = useWords().messages;
  const timeline = useOpenThread(entry.id, root);
  const { me } = useChat();
  const [memory] = useState(createScrollMemory);
  const [draft, setDraft] = useState(() => threadDraft(me.id, entry.id, root));
  const unread = entry.threads.find((thread) => thread.root === root)?.unread ?? 0;
  useFocusBack();
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault();
    closeThread();
  };
  return (
    <section className="pane thread-pane" aria-label={words.threadIn(entry.title)} onKeyDown={onKeyDown}>
      <header className="pane-header">
        <button type="button" className="icon thread-back" aria-label={words.closeThread} onClick={closeThread}>
          <Icon of={ChevronLeft} />
        </button>
        <div className="title">
          <h2>{words.thread}</h2>
          <p>
            <bdi>{entry.title}</bdi>
          </p>
        </div>
        <button
          type="button"
          className="icon thread-close"
          aria-label={words.closeThread}
          title={words.closeThread}
          onClick={closeThread}
        >
          <Icon of={X} />
        </button>
      </header>
      {timeline !== null && (
        <ConversationPane
          entry={entry}
          root={root}
          label={words.thread}
          placeholder={words.replyInThread}
          wire={wire}
          memory={memory}
          timeline={timeline}
          unread={unread}
          draft={draft}
          readDraft={() => threadDraft(me.id, entry.id, root)}
          onDraft={(text) => {
            setDraft(text);
            storeThreadDraft(me.id, entry.id, root, text);
          }}
        />
      )}
    </section>
  );
}

/** Returns the focus to the conversation's composer on unmount, however the thread was closed. */
function useFocusBack(): void {
  useEffect(
    () => () => {
      if (!hasTouchKeyboard()) focusComposer(document.querySelector('.panes > .pane > .composer'));
    },
    [],
  );
}
