import type { ConversationEntry, Timeline, TimelineSnapshot } from '@everywire/chat-client';
import { useChat, useClient, useTimelineSnapshot } from '@everywire/chat-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { LazyPart, lazyComponent } from '../app/lazy-component.js';
import { goToThread } from '../app/route.js';
import { Composer } from '../composer/composer.js';
import type { ComposerHandle } from '../composer/composer-handle.js';
import { useComposerMode } from '../composer/composer-mode.js';
import { hasTouchKeyboard } from '../composer/focus-composer.js';
import { usePreferences } from '../design/preferences.js';
import { Problem } from '../design/problem.js';
import { useWords } from '../i18n/words.js';
import type { MessagePanel } from '../message-dialogs/message-panel.js';
import { PinBar } from '../message-dialogs/pin-bar.js';
import { SoundBar } from '../sound/sound-bar.js';
import { threadDraftsFull } from '../thread/thread-drafts.js';
import { WireRow } from '../wire/wire-row.js';
import type { WireView } from '../wire/wire-view.js';
import { Announcer } from './announcer.js';
import { closedWords } from './closed-words.js';
import { MessageList, type MessageListHandle } from './message-list.js';
import type { ScrollMemory } from './scroll-memory.js';
import { useOpeningPlace } from './use-opening-place.js';
import { useSelection } from './use-selection.js';
import { useStoredPlace } from './use-stored-place.js';
import { useUnreadKey } from './use-unread-key.js';

const unsentDraft = lazyComponent(() => import('../composer/unsent-draft.js').then((module) => module.UnsentDraft));
const selectionBar = lazyComponent(() => import('./selection-bar.js').then((module) => module.SelectionBar));
const messagePanel = lazyComponent(() =>
  import('../message-dialogs/message-panel.js').then((module) => module.MessagePanelView),
);

interface ConversationPaneProps {
  readonly entry: ConversationEntry;
  /** The root of the shown thread; `null` for the conversation. */
  readonly root: number | null;
  /** The accessible name of the list. */
  readonly label: string;
  readonly placeholder: string;
  readonly wire: WireView;
  readonly memory: ScrollMemory;
  readonly timeline: Timeline;
  readonly unread: number;
  readonly draft: string;
  /** Returns the current draft. Also works after unmount. */
  readonly readDraft: () => string;
  readonly onDraft: (text: string) => void;
}

/** Renders the messages, the connection row and the composer of a conversation or thread. */
export function ConversationPane(props: ConversationPaneProps) {
  const { entry, root, label, placeholder, wire, memory, timeline, unread, draft, readDraft, onDraft } = props;
  const words = useWords();
  const closed = closedWords(entry, words);
  const client = useClient();
  const [{ showTyping }] = usePreferences();
  const snapshot = useTimelineSnapshot(timeline);
  const unreadKey = useUnreadKey(snapshot.unreadKey, unread);
  const fetchingPlace = useStoredPlace(timeline, memory, entry.id, snapshot.rows);
  const opening = useOpeningPlace(fetchingPlace ? { ...snapshot, unreadSought: true } : snapshot, unreadKey, wire);
  const { me, storageFull } = useChat();
  const composer = useRef<ComposerHandle>(null);
  const list = useRef<MessageListHandle>(null);
  const [failure, reportFailure] = useState<string | null>(null);
  const [panel, setPanel] = useState<MessagePanel | null>(null);
  const selection = useSelection(snapshot.rows);
  const picking = selection.rows.length > 0;
  const { mode, endMode, targets } = useComposerMode(composer, entry.id, reportFailure, {
    panel: setPanel,
    pick: selection.pick,
  });
  const onThread = useCallback(
    (thread: number, sequence: number) => goToThread(entry.id, thread, sequence),
    [entry.id],
  );
  // On mount, and again when the selection ends.
  useEffect(() => {
    if (!picking && !hasTouchKeyboard()) composer.current?.focus();
  }, [picking]);
  return (
    <>
      {root === null && snapshot.pins.length > 0 && (
        <PinBar pins={snapshot.pins} onGoTo={targets.goTo} onAll={() => setPanel({ kind: 'pins' })} />
      )}
      {root === null && (
        <div className="sound-over">
          <SoundBar />
        </div>
      )}
      <MessageList
        ref={list}
        entry={entry}
        root={root}
        label={label}
        own={me.id}
        timeline={timeline}
        snapshot={opening.snapshot}
        unreadKey={unreadKey}
        opensAt={opening.opensAt}
        memory={memory}
        targets={closed === null ? targets : { ...targets, restore: null }}
        selection={selection}
        onThread={onThread}
      />
      {panel !== null && (
        <LazyPart
          of={messagePanel}
          props={{ panel, entry, timeline, snapshot, onClose: () => setPanel(null), onDone: selection.end }}
        />
      )}
      <Announcer rows={snapshot.rows} loading={snapshot.loading} />
      <div className="composer">
        <div>
          <Problem code={failure ?? standingProblem(snapshot, storageFull)} />
          <WireRow view={wire} typing={showTyping ? snapshot.typing : []} onTryNow={() => client.retryNow()} />
          {picking && <LazyPart of={selectionBar} props={{ selection, onPanel: setPanel }} />}
          {closed === null ? (
            <Composer
              ref={composer}
              hidden={picking}
              entry={entry}
              root={root}
              label={root === null ? words.message : placeholder}
              placeholder={placeholder}
              timeline={timeline}
              draft={draft}
              readDraft={readDraft}
              onDraft={onDraft}
              mode={mode}
              onModeEnd={endMode}
              onEdit={targets.edit}
              onSend={() => list.current?.toEnd()}
              onScrollKey={(key) => list.current?.scrollBy(key)}
              onFailure={reportFailure}
            />
          ) : (
            !picking && (
              <>
                <p className="ended">{closed}</p>
                {draft.trim() !== '' && <LazyPart of={unsentDraft} props={{ draft, onDiscard: () => onDraft('') }} />}
              </>
            )
          )}
        </div>
      </div>
    </>
  );
}

/** Returns the code of a persistent problem: full browser storage first, then a failed load. */
function standingProblem({ rows, error }: TimelineSnapshot, storageFull: boolean): string | null {
  if (storageFull || threadDraftsFull()) return 'device_full';
  return rows.length > 0 ? (error?.code ?? null) : null;
}
