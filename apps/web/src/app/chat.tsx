import type { ConversationEntry, InviteLink, Person } from '@everywire/chat-client';
import { useClient, useMembers } from '@everywire/chat-react';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { discardAttachments } from '../composer/conversation-attachments.js';
import { focusComposer } from '../composer/focus-composer.js';
import { ConversationList } from '../conversations/conversation-list.js';
import { focusFind } from '../conversations/find-box.js';
import { usePreferences } from '../design/preferences.js';
import { Details } from '../details/details.js';
import { Pane } from '../pane/pane.js';
import { PaneHeader } from '../pane/pane-header.js';
import { createScrollMemory } from '../pane/scroll-memory.js';
import { UnlistedPane } from '../pane/unlisted-pane.js';
import type { Start } from '../people/start-row.js';
import { useDeletedName } from '../people/use-deleted-name.js';
import type { SettingsSection } from '../settings/settings-dialog.js';
import { useWireView } from '../wire/use-wire-view.js';
import { isConnected } from '../wire/wire-view.js';
import type { Backend } from './backend.js';
import { ConnectedContext } from './connected-context.js';
import { EmptyPane } from './empty-pane.js';
import { useFollowedInvite } from './followed-invite.js';
import { type Layout, useLayout } from './layout.js';
import { LazyPart, lazyComponent, usePrefetch } from './lazy-component.js';
import { usePageTitle } from './page-title.js';
import { closeThread, goToConversation, goToList, useRoute, useThreadInRoute } from './route.js';
import { UndoProvider } from './undo.js';
import { useDeviceSecret } from './use-device-secret.js';
import { useNamedChat } from './use-named-chat.js';
import { useOpenEntry } from './use-open-entry.js';
import { useSettled } from './use-settled.js';
import { useShortcuts } from './use-shortcuts.js';
import { useUnfollowedLink } from './use-unfollowed-link.js';
import './frame.css';

const newConversationDialog = lazyComponent(() =>
  import('../people/new-conversation-dialog.js').then((module) => module.NewConversationDialog),
);
const firstRunPart = lazyComponent(() => import('../sign-in/first-run.js').then((module) => module.FirstRun));
const newChannelDialog = lazyComponent(() =>
  import('../people/new-channel-dialog.js').then((module) => module.NewChannelDialog),
);
const followedThreadsDialog = lazyComponent(() =>
  import('../thread/followed-threads-dialog.js').then((module) => module.FollowedThreadsDialog),
);
const findGroupsDialog = lazyComponent(() =>
  import('../people/find-groups-dialog.js').then((module) => module.FindGroupsDialog),
);
const joinDialog = lazyComponent(() => import('../people/join-dialog.js').then((module) => module.JoinDialog));
const notifications = lazyComponent(() =>
  import('../notifications/notifications.js').then((module) => module.Notifications),
);
const shortcutsDialog = lazyComponent(() => import('./shortcuts-dialog.js').then((module) => module.ShortcutsDialog));
const settingsDialog = lazyComponent(() =>
  import('../settings/settings-dialog.js').then((module) => module.SettingsDialog),
);

type OpenDialog =
  | { readonly kind: 'none' }
  | { readonly kind: 'new'; readonly group: boolean; readonly with: readonly Person[] }
  | { readonly kind: 'channel' }
  | { readonly kind: 'threads' }
  | { readonly kind: 'find' }
  | { readonly kind: 'shortcuts' }
  | { readonly kind: 'join'; readonly link: InviteLink }
  | { readonly kind: 'settings'; readonly section: SettingsSection | null };

const noProps = {};
const newConversation: OpenDialog = { kind: 'new', group: false, with: [] };
const newGroup: OpenDialog = { kind: 'new', group: true, with: [] };

/** Renders the signed-in page: conversation list, open conversation, details, and the dialogs above them. */
export function Chat({ backend }: { readonly backend: Backend }) {
  useDeviceSecret();
  const { conversations, connection, loading, signedOut } = useNamedChat();
  const settled = useSettled(!loading);
  usePrefetch(settled);
  const client = useClient();
  useDeletedName();
  const open = useRoute();
  const [layout, frame] = useLayout();
  const [memory] = useState(createScrollMemory);
  const [dialog, setDialog] = useState<OpenDialog>({ kind: 'none' });
  const [searched, setSearched] = useState<number | null>(null);
  const wire = useWireView(connection);
  useUnfollowedLink(connection.state === 'open', signedOut);
  const { entry, opened } = useOpenEntry(open, conversations);
  const details = useDetails(layout, open);
  const members = useMembers(entry !== null && hasMembers(entry) ? entry.id : null, entry?.membersAt ?? 0);
  usePageTitle(conversations, entry);
  useShortcuts({ conversations, open, onHelp: useCallback(() => setDialog({ kind: 'shortcuts' }), []) });
  // Unsent attachments belong to the account and end with it.
  useEffect(() => () => discardAttachments(client), [client]);
  useFollowedInvite(useCallback((link) => setDialog({ kind: 'join', link }), []));
  const closeDialog = useCallback(() => setDialog({ kind: 'none' }), []);
  const onCreated = (id: number) => {
    closeDialog();
    goToConversation(id);
  };
  const firstRun = (
    <LazyPart
      of={firstRunPart}
      props={{
        backend,
        round: dialog.kind,
        onNewConversation: () => setDialog(newConversation),
        onNewGroup: () => setDialog(newGroup),
        onInvitations: () => setDialog({ kind: 'settings', section: 'invitations' }),
      }}
    />
  );
  return (
    <ConnectedContext value={isConnected(wire)}>
      <div className="app" ref={frame} data-layout={layout} data-pane={entry === null ? 'list' : 'conversation'}>
        {settled && <LazyPart of={notifications} props={noProps} />}
        <UndoProvider>
          <div
            className={entry !== null && details.shown && layout === 'wide' ? 'columns with-details' : 'columns'}
            role={entry === null && layout === 'phone' ? 'main' : undefined}
          >
            <ConversationList
              open={open}
              within={conversations.find(({ id, member }) => member && id === searched) ?? null}
              onWithin={setSearched}
              alone={layout === 'phone'}
              wire={wire}
              empty={layout === 'phone' ? firstRun : null}
              onNew={() => setDialog(newConversation)}
              onThreads={() => setDialog({ kind: 'threads' })}
              onSettings={() => setDialog({ kind: 'settings', section: null })}
              onConnection={() => setDialog({ kind: 'settings', section: 'connection' })}
            />
            {entry === null ? (
              <NoPane open={open} firstRun={firstRun} />
            ) : (
              <Pane
                key={opened}
                entry={entry}
                opened={opened}
                wire={wire}
                memory={memory}
                header={
                  <PaneHeader
                    entry={entry}
                    members={members}
                    detailsShown={details.shown}
                    onSearch={() => {
                      setSearched(entry.id);
                      if (layout === 'phone') goToList();
                      focusFind();
                    }}
                    onDetails={details.toggle}
                  />
                }
              />
            )}
            {entry !== null && details.shown && (
              <Details
                entry={entry}
                members={members}
                over={layout !== 'wide'}
                onClose={() => {
                  details.close();
                  focusComposer();
                }}
                onGroupWith={(person) => setDialog({ kind: 'new', group: true, with: [person] })}
              />
            )}
          </div>
          <OpenDialogView
            backend={backend}
            dialog={dialog}
            onDialog={setDialog}
            onClose={closeDialog}
            onOpen={onCreated}
          />
        </UndoProvider>
      </div>
    </ConnectedContext>
  );
}

/** Renders the pane when no conversation is open, or one that the list has not loaded. */
function NoPane({ open, firstRun }: { readonly open: number | null; readonly firstRun: ReactNode }) {
  return open === null ? <EmptyPane firstRun={firstRun} /> : <UnlistedPane key={open} conversation={open} />;
}

/** Returns whether the conversation has a member list that this user may see. */
function hasMembers({ kind, member }: ConversationEntry): boolean {
  return member && (kind === 'group' || kind === 'channel');
}

interface OpenDialogViewProps {
  readonly backend: Backend;
  readonly dialog: OpenDialog;
  /** Replaces the open dialog by another one. */
  readonly onDialog: (dialog: OpenDialog) => void;
  readonly onClose: () => void;
  readonly onOpen: (conversation: number) => void;
}

function OpenDialogView({ backend, dialog, onDialog, onClose, onOpen }: OpenDialogViewProps) {
  switch (dialog.kind) {
    case 'none':
      return null;
    case 'new': {
      const onStart = (start: Start) => onDialog(start === 'group' ? newGroup : { kind: start });
      return (
        <LazyPart
          key={`${dialog.group}`}
          of={newConversationDialog}
          props={{ group: dialog.group, with: dialog.with, onClose, onOpen, onStart }}
        />
      );
    }
    case 'channel':
      return <LazyPart of={newChannelDialog} props={{ onClose, onOpen }} />;
    case 'threads':
      return <LazyPart of={followedThreadsDialog} props={{ onClose }} />;
    case 'find': {
      const onLink = (link: InviteLink) => onDialog({ kind: 'join', link });
      return <LazyPart of={findGroupsDialog} props={{ onClose, onOpen, onLink }} />;
    }
    case 'join':
      return <LazyPart of={joinDialog} props={{ link: dialog.link, onClose, onOpen }} />;
    case 'shortcuts':
      return <LazyPart of={shortcutsDialog} props={{ onClose }} />;
    case 'settings':
      return <LazyPart of={settingsDialog} props={{ backend, section: dialog.section, onClose }} />;
  }
}

/**
 * Manages the details column. In the wide layout it is a column whose state is remembered; otherwise it lies over the pane and closes with
 * the conversation.
 */
function useDetails(layout: Layout, open: number | null) {
  // An open thread replaces the details column, so that the conversation stays visible.
  const threadInstead = useThreadInRoute(open ?? 0) !== null;
  const [{ showDetails }, change] = usePreferences();
  const [over, setOver] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another conversation or layout closes it
  useEffect(() => setOver(false), [layout, open]);
  if (layout === 'wide') {
    return {
      shown: showDetails && !threadInstead,
      toggle: () => {
        if (threadInstead) closeThread();
        change({ showDetails: threadInstead || !showDetails });
      },
      close: () => change({ showDetails: false }),
    };
  }
  return { shown: over, toggle: () => setOver(!over), close: () => setOver(false) };
}
