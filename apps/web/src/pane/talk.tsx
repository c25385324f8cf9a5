import type { ConversationEntry, Timeline } from '@everywire/chat-client';
import { useChat, useClient, useTimelineSnapshot } from '@everywire/chat-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { goToThread } from '../app/route.js';
import { Composer, type ComposerHandle } from '../composer/composer.js';
import { useComposerMode } from '../composer/composer-mode.js';
import { hasTouchKeyboard } from '../composer/focus-composer.js';
import { useWords } from '../i18n/words.js';
import { usePreferences } from '../look/preferences.js';
import { Problem } from '../look/problem.js';
import { WireRow } from '../wire/wire-row.js';
import type { WireView } from '../wire/wire-view.js';
import { Announcer } from './announcer.js';
import { closedWords } from './closed-words.js';
import { MessageList } from './message-list.js';
import type { ScrollMemory } from './scroll-memory.js';
import { useUnreadKey } from './use-unread-key.js';

interface TalkProps {
  readonly entry: ConversationEntry;
  /** The root of the thread that is shown; `null` for the conversation. */
  readonly root: number | null;
  /** What the list of messages is called. */
  readonly label: string;
  readonly writeTo: string;
  readonly wire: WireView;
  readonly memory: ScrollMemory;
  readonly timeline: Timeline;
  readonly unread: number;
  readonly draft: string;
  readonly onDraft: (text: string) => void;
}

/** Messages, the wire, the composer: of a conversation, or of one of its threads. */
export function Talk(props: TalkProps) {
  const { entry, root, label, writeTo, wire, memory, timeline, unread, draft, onDraft } = props;
  const closed = closedWords(entry, useWords());
  const client = useClient();
  const [{ showTyping }] = usePreferences();
  const snapshot = useTimelineSnapshot(timeline);
  const unreadKey = useUnreadKey(snapshot.unreadKey, unread);
  const { me } = useChat();
  const composer = useRef<ComposerHandle>(null);
  const [failure, tell] = useState<string | null>(null);
  const { mode, endMode, targets } = useComposerMode(composer, entry.id, tell);
  const onThread = useCallback(
    (thread: number, sequence: number) => goToThread(entry.id, thread, sequence),
    [entry.id],
  );
  useEffect(() => {
    if (!hasTouchKeyboard()) composer.current?.focus();
  }, []);
  return (
    <>
      <MessageList
        entry={entry}
        root={root}
        label={label}
        own={me.id}
        timeline={timeline}
        snapshot={snapshot}
        unreadKey={unreadKey}
        memory={memory}
        targets={targets}
        onThread={onThread}
      />
      <Announcer rows={snapshot.rows} loading={snapshot.loading} />
      <div className="composer">
        <div>
          <Problem code={failure ?? (snapshot.rows.length > 0 ? (snapshot.error?.code ?? null) : null)} />
          <WireRow view={wire} typing={showTyping ? snapshot.typing : []} onTryNow={() => client.retryNow()} />
          {closed === null ? (
            <Composer
              ref={composer}
              title={writeTo}
              timeline={timeline}
              draft={draft}
              onDraft={onDraft}
              mode={mode}
              onModeEnd={endMode}
              onFailure={tell}
            />
          ) : (
            <p className="ended">{closed}</p>
          )}
        </div>
      </div>
    </>
  );
}
