import type { CreateResult, KeyedCommand } from '@everywire/chat';
import type { ChatClient, ChatClientOptions, ChatSnapshot, ConversationEntry } from './chat-client.js';
import { ChatFailure } from './chat-failure.js';
import type { CoreEntry } from './core/chat-core.js';
import { Memo } from './core/memo.js';
import { Engine } from './engine.js';
import { askFollowedThreads } from './followed-threads.js';
import { createGroups } from './groups.js';
import { mintId } from './mint-id.js';
import { openTimeline } from './open-timeline.js';
import { createOwnSettings } from './own-settings.js';
import { createPrivacySettings } from './privacy-settings.js';
import { createSearch } from './search.js';
import { signOutAtServer } from './sign-in.js';
import { snapshotSubscription } from './snapshot-subscription.js';
import { tokenOf } from './token-source.js';
import { uploadFile } from './upload-file.js';
import { viewEntry } from './views.js';

/** One signed-in person on one device: connects at once, and goes on until `close` or `signOut`. */
export function createChatClient({ url, me, token, transport = null, tcp }: ChatClientOptions): ChatClient {
  const listeners = new Set<() => void>();
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  const engine = new Engine({ url, me, token, transport, tcp, changed });
  let signingOut = false;
  let ended: Promise<void> | null = null;
  /** Once. The server ends the session before it answers the signing out, and whoever hears of that closes: what is kept is erased all the same. */
  const end = (): Promise<void> => {
    ended ??= engine.stop({ erase: signingOut });
    return ended;
  };
  const subscribe = (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const run = async (command: KeyedCommand): Promise<void> => void (await engine.command(command));
  const create = async (
    command: Extract<KeyedCommand, { readonly command: 'createDirect' | 'createGroup' }>,
  ): Promise<number> => ((await engine.command(command)) as CreateResult).conversation;

  const getSnapshot = snapshots(engine);

  return {
    subscribe: snapshotSubscription(subscribe, getSnapshot),
    getSnapshot,
    openTimeline: (conversation) => openTimeline(engine, { conversation, root: null }, subscribe),
    openThread: (conversation, root) => openTimeline(engine, { conversation, root }, subscribe),
    presence: (user) => engine.presence.get(user),
    watchPresence: (users, listener) => {
      const end = engine.presence.watch(users, listener);
      engine.tellWatched();
      return () => {
        end();
        engine.tellWatched();
      };
    },
    loadMoreConversations: () => engine.whenLoaded((core) => core.loadMoreEntries()),
    people: async (query, after) => {
      const found = await engine.ask({ command: 'findPeople', query, after });
      engine.people.learn(found.people);
      return found;
    },
    person: (user) => engine.people.person(user),
    fetchMe: () => engine.people.fetchMe(),
    search: createSearch(engine),
    threads: (after) => askFollowedThreads(engine, after),
    members: async (conversation, after) => {
      const answer = await engine.ask({ command: 'members', conversation, after });
      if (answer.outcome === 'not_member') throw new ChatFailure('not_member', false);
      const people = await engine.people.fetch(answer.members.map(({ user }) => user));
      const members = people.map((person, index) => ({ person, role: answer.members[index]?.role ?? 'member' }));
      return { members, more: answer.more };
    },
    createDirect: (peer) => create({ command: 'createDirect', id: mintId(), peer }),
    createGroup: (name, users) => create({ command: 'createGroup', id: mintId(), name, users }),
    addMembers: (conversation, users) => run({ command: 'add', id: mintId(), conversation, users }),
    removeMember: (conversation, user) => run({ command: 'remove', id: mintId(), conversation, user }),
    leave: (conversation) => run({ command: 'leave', id: mintId(), conversation }),
    upload: async (file, options) => uploadFile({ url, token: await tokenOf(token) }, file, options),
    rename: (conversation, name) => run({ command: 'rename', id: mintId(), conversation, name }),
    groups: createGroups(engine, url),
    own: createOwnSettings(engine, subscribe),
    privacy: createPrivacySettings(engine),
    useTransport: (name) => engine.session.use(name),
    retryNow: () => engine.session.retryNow(),
    close: end,
    signOut: async () => {
      signingOut = true;
      try {
        await signOutAtServer(url, await tokenOf(token));
      } finally {
        await end();
      }
    },
  };
}

/** Snapshots that stay the same object until something in them changed. */
function snapshots(engine: Engine): () => ChatSnapshot {
  const memo = new Memo<ChatSnapshot>();
  const list = new Memo<readonly ConversationEntry[]>();
  const viewed = new WeakMap<CoreEntry, { readonly version: number; readonly entry: ConversationEntry }>();
  const view = (core: CoreEntry): ConversationEntry => {
    const { version, me } = engine.people;
    const known = viewed.get(core);
    if (known?.version === version) return known.entry;
    const entry = viewEntry(core, me, (id) => engine.people.person(id));
    viewed.set(core, { version, entry });
    return entry;
  };
  const none: readonly CoreEntry[] = [];
  return () => {
    const { core, session, people, signedOut } = engine;
    const entries = core?.entries() ?? none;
    const conversations = list.get([entries, people.version], () => entries.map(view));
    const loading = core?.empty ?? true;
    const moreConversations = core?.moreEntries ?? false;
    const { me } = people;
    return memo.get([me, session.status, conversations, loading, moreConversations, signedOut], () => ({
      me,
      connection: session.status,
      conversations,
      loading,
      moreConversations,
      signedOut,
    }));
  };
}
