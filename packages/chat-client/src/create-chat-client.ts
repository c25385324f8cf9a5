import type { CreateResult, KeyedCommand, ServerEvent } from '@everywire/chat';
import type { ChatClient, ChatClientOptions, ChatSnapshot, ConversationEntry } from './chat-client.js';
import { ChatFailure } from './chat-failure.js';
import type { CoreEntry } from './core/entry-views.js';
import { Memo } from './core/memo.js';
import { provisionalEntry, provisionalOf } from './core/provisional.js';
import { Engine } from './engine.js';
import { askFollowedThreads } from './followed-threads.js';
import { createGroups } from './groups.js';
import { messageNews } from './message-news.js';
import { mintId } from './mint-id.js';
import { openTimeline } from './open-timeline.js';
import { createOwnSettings } from './personal-settings.js';
import { createPrivacySettings } from './privacy-settings.js';
import { createSearch } from './search.js';
import { askAfterPause } from './search-asking-on.js';
import { signOutAtServer } from './sign-in.js';
import { snapshotSubscription } from './snapshot-subscription.js';
import { tokenOf } from './token-source.js';
import { Uploads } from './uploads.js';
import { viewEntry } from './views.js';

/**
 * Creates a client of one signed-in user on one device. Connects immediately and stays connected until `close` or
 * `signOut`.
 */
export function createChatClient({ url, me, token, transport = null, tcp, createWire }: ChatClientOptions): ChatClient {
  const listeners = new Set<() => void>();
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  const newsListeners = new Set<Parameters<ChatClient['watchMessages']>[0]>();
  const heard = (event: ServerEvent): void => {
    const news = newsListeners.size === 0 ? null : messageNews(event, me.id, (id) => engine.people.person(id));
    if (news !== null) for (const listener of newsListeners) listener(news);
  };
  const uploads = new Uploads(url, token);
  const upload: ChatClient['upload'] = (file, options) => uploads.upload(file, options);
  const engine = new Engine({ url, me, token, transport, tcp, createWire, changed, heard, upload });
  let signingOut = false;
  let ended: Promise<void> | null = null;
  /** Stops the engine once. A page may call `close` after `signOut`; the data must then be erased nevertheless. */
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
      engine.sendWatched();
      return () => {
        end();
        engine.sendWatched();
      };
    },
    watchMessages: (listener) => {
      newsListeners.add(listener);
      return () => newsListeners.delete(listener);
    },
    loadMoreConversations: () => engine.whenLoaded((core) => core.loadMoreEntries()),
    people: async (query, after) => {
      const found = await askAfterPause(() => engine.ask({ command: 'findPeople', query, after }));
      engine.people.learn(found.people);
      return found;
    },
    person: (user) => engine.people.person(user),
    nameDeleted: (name) => engine.people.nameDeleted(name),
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
    direct: (peer) => engine.core?.directs.of(peer) ?? provisionalOf(peer),
    provisional: (conversation) => provisional(engine, conversation),
    createDirect: (peer) => create({ command: 'createDirect', id: mintId(), peer }),
    createGroup: (name, users) => create({ command: 'createGroup', id: mintId(), name, users }),
    addMembers: (conversation, users) => run({ command: 'add', id: mintId(), conversation, users }),
    removeMember: (conversation, user) => run({ command: 'remove', id: mintId(), conversation, user }),
    leave: (conversation) => run({ command: 'leave', id: mintId(), conversation }),
    upload,
    rename: (conversation, name) => run({ command: 'rename', id: mintId(), conversation, name }),
    groups: createGroups(engine, url),
    own: createOwnSettings(engine, subscribe),
    privacy: createPrivacySettings(engine),
    useTransport: (name) => engine.session.use(name),
    unsent: () => engine.core?.unsent() ?? { messages: 0, drafts: 0 },
    retryNow: () => engine.session.retryNow(),
    close: end,
    signOut: async ({ notifyServer = true } = {}) => {
      signingOut = true;
      // The client stops before all else, so that a returning network does not send the data that is being erased.
      const erased = end();
      // Prevents an unhandled rejection. `finally` below reports the failure, possibly after the server has answered.
      erased.catch(() => undefined);
      try {
        // Uploads are cancelled while the token is still valid.
        await uploads.cancelAll();
        if (notifyServer) await signOutAtServer(url, await tokenOf(token));
      } finally {
        await erased;
      }
    },
  };
}

/**
 * Returns the entry of a provisional conversation, which exists only on this device until its first message is sent.
 * The entry is empty until the device's store has been read.
 */
function provisional(engine: Engine, conversation: number): ConversationEntry {
  const { core, people } = engine;
  const none: CoreEntry = { entry: provisionalEntry(conversation, 0), unread: 0, draft: '', pending: null, typing: [] };
  return viewEntry(core?.provisional(conversation) ?? none, people.me, (id) => people.person(id));
}

/** Returns a function that returns the current snapshot: the same object until something in it changes. */
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
    const { core, session, people, signedOut, storageFull } = engine;
    const entries = core?.entries() ?? none;
    const conversations = list.get([entries, people.version], () => entries.map(view));
    const loading = core?.empty ?? true;
    const moreConversations = core?.moreEntries ?? false;
    const { me } = people;
    return memo.get([me, session.status, conversations, loading, moreConversations, signedOut, storageFull], () => ({
      me,
      connection: session.status,
      conversations,
      loading,
      moreConversations,
      signedOut,
      storageFull,
    }));
  };
}
