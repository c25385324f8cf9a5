import type { ConversationEntry, Timeline } from '@everywire/chat-client';
import { useChat, useClient, useOpenTimeline, useTimelineSnapshot } from '@everywire/chat-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Composer, type ComposerHandle } from '../composer/composer.js';
import { useComposerMode } from '../composer/composer-mode.js';
import { focusComposer, hasTouchKeyboard } from '../composer/focus-composer.js';
import { useWords } from '../i18n/words.js';
import { usePreferences } from '../look/preferences.js';
import { Problem } from '../look/problem.js';
import { WireRow } from '../wire/wire-row.js';
import type { WireView } from '../wire/wire-view.js';
import { Announcer } from './announcer.js';
import { MessageList } from './message-list.js';
import type { ScrollMemory } from './scroll-memory.js';
import { useUnreadKey } from './use-unread-key.js';
import './bubble.css';
import './message-text.css';
import './pane.css';

interface PaneProps {
  readonly entry: ConversationEntry;
  readonly wire: WireView;
  readonly memory: ScrollMemory;
  readonly header: ReactNode;
}

/** The open conversation: header, messages, the wire, the composer. Mounted anew for each conversation. */
export function Pane({ entry, wire, memory, header }: PaneProps) {
  const timeline = useOpenTimeline(entry.id);
  return (
    <section className="pane" aria-label={entry.title}>
      {header}
      {timeline !== null && <OpenPane entry={entry} wire={wire} memory={memory} timeline={timeline} />}
    </section>
  );
}

interface OpenPaneProps extends Omit<PaneProps, 'header'> {
  readonly timeline: Timeline;
}

function OpenPane({ entry, wire, memory, timeline }: OpenPaneProps) {
  const words = useWords();
  const client = useClient();
  const [{ showTyping }] = usePreferences();
  const snapshot = useTimelineSnapshot(timeline);
  const unreadKey = useUnreadKey(snapshot.unreadKey, entry.unread);
  const { me } = useChat();
  const composer = useRef<ComposerHandle>(null);
  const [failure, tell] = useState<string | null>(null);
  const { mode, endMode, targets } = useComposerMode(composer, entry.id, tell);
  useTypingAnywhere();
  useEffect(() => {
    if (!hasTouchKeyboard()) focusComposer();
  }, []);
  return (
    <>
      <MessageList
        entry={entry}
        own={me.id}
        timeline={timeline}
        snapshot={snapshot}
        unreadKey={unreadKey}
        memory={memory}
        targets={targets}
        onThread={targets.goTo}
      />
      <Announcer rows={snapshot.rows} loading={snapshot.loading} />
      <div className="composer">
        <div>
          <Problem code={failure ?? (snapshot.rows.length > 0 ? (snapshot.error?.code ?? null) : null)} />
          <WireRow view={wire} typing={showTyping ? snapshot.typing : []} onTryNow={() => client.retryNow()} />
          {entry.member ? (
            <Composer
              ref={composer}
              title={entry.title}
              timeline={timeline}
              draft={entry.draft}
              mode={mode}
              onModeEnd={endMode}
              onFailure={tell}
            />
          ) : (
            <p className="ended">{entry.ended === 'removed' ? words.removedNote : words.leftNote}</p>
          )}
        </div>
      </div>
    </>
  );
}

/** A character typed while nothing else wants it goes to the composer. */
function useTypingAnywhere(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
      if ([...event.key].length !== 1 || event.key === ' ') return;
      const target = event.target instanceof Element ? event.target : document.body;
      if (target.closest('input, textarea, select, [contenteditable], [role="dialog"], [role="menu"]') !== null) return;
      focusComposer();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}
