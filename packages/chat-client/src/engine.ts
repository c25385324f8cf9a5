// Longer than 300 lines, because all I/O around the core is in one place. It contains no rules of the chat.
import type { Answers, ChatErrorCode, CommandId, KeyedCommand, ServerEvent, UserId } from '@everywire/chat';
import type { TransportName } from '@everywire/client';
import { Attention } from './attention.js';
import type { ChatClient, CreateWire, Person } from './chat-client.js';
import { ChatFailure } from './chat-failure.js';
import { ChatCore } from './core/chat-core.js';
import type { DraftWrite } from './core/draft-writes.js';
import type { OutgoingRequest } from './core/request-queue.js';
import {
  type DeviceStore,
  deviceStoreName,
  type ErasureOptions,
  openDeviceStore,
  type StoreWrite,
} from './device-store.js';
import { OutboxUploads } from './outbox-uploads.js';
import { PeopleDirectory } from './people-directory.js';
import { PresenceWatch } from './presence-watch.js';
import { type FinalRefusal, SessionLoop } from './session-loop.js';
import { SessionWaiters } from './session-waiters.js';
import { StorageQuotaMonitor } from './storage-quota-monitor.js';
import type { TokenSource } from './token-source.js';

/** Intervals and delays in milliseconds. */
const times = {
  /** Interval of the core's `tick`, which sends read positions and drafts and expires typing notices. */
  tick: 1_000,
  /**
   * Delay before read positions and drafts are sent, if none were sent for a second. Short enough that other devices
   * show them within half a second.
   */
  flushSoon: 200,
  /**
   * Interval of requesting everything that may have been missed (CH-16, docs/spec/chat.md). Server nodes report lost
   * events that they know of; this finds the others.
   */
  resync: 900_000,
  /** Interval of renewing the statement that this user is present. */
  presence: 30_000,
  /**
   * Delay after the server dropped hints (events), because this client read them too slowly. The repair after it covers
   * all hints dropped meanwhile, so a slow client is not burdened more often.
   */
  dropped: 1_000,
  /** Delay before requests are retried that the server refused for now. */
  stalled: 3_000,
  /** Retry delay after the server refused presence or people for now. */
  askAgain: 3_000,
  /** Interval of saving the list and the logs. */
  save: 30_000,
  /** Delay before changed drafts are written to the device. */
  keepDrafts: 500,
  /** How long a request made between sessions waits for a session to open. */
  askedEarly: 10_000,
} as const;

interface Waiter {
  readonly resolve: (answer: Answers[KeyedCommand['command']]) => void;
  readonly reject: (failure: ChatFailure) => void;
}

/**
 * Performs the I/O of the core (`ChatCore`, which has the chat rules but no I/O and no clock): sends its requests,
 * writes its outbox to the device, and calls its `tick`.
 *
 * The core is created once the device's store was read. Until then, intents (calls that need the core) wait in
 * `whenLoaded`.
 */
export class Engine {
  readonly people: PeopleDirectory;
  readonly presence: PresenceWatch = new PresenceWatch();
  readonly session: SessionLoop;
  readonly uploads: OutboxUploads;
  readonly #me: Person;
  readonly #changed: () => void;
  /** Called with each event of the server, after it was passed on. */
  readonly #onServerEvent: (event: ServerEvent) => void;
  readonly #attention: Attention;
  /** Callers of `command` that wait for the end of their command. */
  readonly #waiters = new Map<CommandId, Waiter>();
  readonly #intents: ((core: ChatCore) => void)[] = [];
  /** Callers of `ask` that wait for a session to open. */
  readonly #sessionWaiters: SessionWaiters = new SessionWaiters();
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #core: ChatCore | null = null;
  #store: DeviceStore | null = null;
  /**
   * The cursor of the list that was saved last. While the list has this cursor, the state is not saved again, because
   * resuming from the stored state yields the same.
   */
  #savedCursor: string | null = null;
  /** Names of the scheduled calls of `#after`. */
  readonly #scheduledNames = new Set<string>();
  /** Tracks whether the device's storage was too full for a write. */
  readonly #quotaMonitor: StorageQuotaMonitor;
  /** Resolves when all writes so far have ended. */
  #writing: Promise<void> = Promise.resolve();
  /** Whether the store was erased, so that it must not be written any more. */
  #erased = false;
  #connected = false;
  /** When the core's `tick` was last called, in milliseconds since the epoch. */
  #tickedAt = 0;
  #stopped = false;
  /** Whether the client was stopped with `erase`, so that the store must be erased even if it opens only later. */
  #givenUp = false;
  signedOut = false;

  constructor(options: {
    readonly url: string;
    readonly me: Person;
    readonly token: TokenSource;
    readonly transport: TransportName | null;
    readonly tcp: string | undefined;
    readonly createWire: CreateWire | undefined;
    readonly changed: () => void;
    /** Called with each event of the server, after it was passed on. */
    readonly heard: (event: ServerEvent) => void;
    readonly upload: ChatClient['upload'];
  }) {
    this.#me = options.me;
    this.#changed = options.changed;
    this.#onServerEvent = options.heard;
    this.#quotaMonitor = new StorageQuotaMonitor(options.changed);
    this.people = new PeopleDirectory({
      me: options.me,
      ask: async (ids) => (await this.ask({ command: 'people', ids })).people,
      changed: options.changed,
      failed: (failure) => this.#askAgain(failure, () => void this.people.fetchWanted(), 'people'),
    });
    this.session = new SessionLoop(options, {
      opened: () => this.#opened(),
      event: (event) => this.#event(event),
      dropped: () => this.#after(times.dropped, (core) => this.#repair(core), 'dropped'),
      closed: () => this.#closed(),
      signedOut: (code) => this.#signedOut(code),
      status: () => {
        this.presence.reach(this.session.status.state === 'open');
        this.#changed();
      },
    });
    this.uploads = new OutboxUploads({
      upload: options.upload,
      whenLoaded: (intent) => this.whenLoaded(intent),
      store: () => this.#store,
    });
    this.#attention = new Attention({
      changed: () => this.#attentionChanged(),
      leaving: () => this.#keep(),
      online: () => this.session.wake(),
    });
    void this.#load(deviceStoreName(options.url, options.me.id));
  }

  get me(): UserId {
    return this.#me.id;
  }

  /** Returns the core; `null` until the device's store was read. */
  get core(): ChatCore | null {
    return this.#core;
  }

  get storageFull(): boolean {
    return this.#quotaMonitor.full;
  }

  /**
   * Runs an intent (a call that needs the core) now, or once the device's store was read. Afterwards performs the I/O
   * that the core then requests. All calls of the core must go through this method.
   */
  whenLoaded(intent: (core: ChatCore) => void): void {
    if (this.#core === null) {
      this.#intents.push(intent);
      return;
    }
    intent(this.#core);
    this.#pump();
  }

  /**
   * Sends a request without the outbox and without the core, for data that is not stored. If no session is open but one
   * is being opened, as at the start of a page, waits for it.
   *
   * @throws ChatFailure `offline` if no session opens within ten seconds, or none is being opened
   */
  ask: RequestAsk = async (request) => {
    const { state } = this.session.status;
    if (!this.#connected && (state === 'connecting' || state === 'reconnecting') && !this.#stopped)
      await this.#sessionWaiters.wait(times.askedEarly);
    const { channel } = this.session;
    if (channel === null || !this.#connected) throw new ChatFailure('offline', true);
    return channel.ask(request);
  };

  /** Queues a command and waits for its end, across reconnections. @throws ChatFailure */
  command(command: KeyedCommand): Promise<Answers[KeyedCommand['command']]> {
    return new Promise((resolve, reject) => {
      this.whenLoaded((core) => {
        const queued = core.enqueue(command, Date.now());
        if (queued !== 'queued') reject(new ChatFailure(queued, true));
        else this.#waiters.set(command.id, { resolve, reject });
      });
    });
  }

  /** Sends the set of users whose presence is watched. */
  sendWatched(): void {
    if (!this.#connected) return;
    this.ask({ command: 'watchPresence', users: this.presence.users }).then(
      ({ presence }) => this.presence.learn(presence),
      (failure: ChatFailure) => this.#askAgain(failure, () => this.sendWatched(), 'watch'),
    );
  }

  /**
   * Stops the client. With `erase`, sends nothing more and erases the device's data, because the user accepted that
   * unsent data is lost. Otherwise first delivers the messages that the session holds, and keeps the data.
   */
  async stop(options: { readonly erase: boolean }): Promise<void> {
    if (options.erase) this.session.terminate();
    else this.#flushNow();
    this.#stopped = true;
    this.#givenUp = options.erase;
    if (options.erase) this.#closed();
    this.uploads.stop();
    this.#sessionWaiters.settle();
    this.#attention.stop();
    for (const timer of this.#timers) clearTimeout(timer);
    if (!options.erase) this.#keep();
    if (!options.erase) await this.session.stop();
    for (const { reject } of this.#waiters.values()) reject(new ChatFailure('closed', false));
    this.#waiters.clear();
    const store = this.#store;
    this.#store = null;
    await this.#writing;
    if (options.erase) await store?.erase({ keep: 'nothing' });
    store?.close();
  }

  /**
   * Erases the device's data after the server has ended the sign-in. If the sign-in was revoked, keeps nothing, because
   * the device may be in other hands. If the token is unknown or expired (a device that was offline when its sign-in
   * was revoked learns no more than that), unsent data is kept for the same user.
   */
  #signedOut(code: FinalRefusal): void {
    this.#keepDrafts();
    this.#erase({ keep: code === 'revoked' ? 'nothing' : 'unsent' });
    this.signedOut = true;
    this.#changed();
  }

  #erase(options: ErasureOptions): void {
    this.#write((store) => store.erase(options));
    this.#erased = true;
  }

  /** Reads the device's store, creates the core, and starts the session and the timers. */
  async #load(name: string): Promise<void> {
    const store = await openDeviceStore(name);
    const stored = await store.load().catch(() => null);
    if (this.#stopped) {
      // The client was stopped before the store was open.
      if (this.#givenUp) await store.erase({ keep: 'nothing' });
      store.close();
      return;
    }
    this.#store = store;
    this.people.restore(stored?.people ?? []);
    this.#core = new ChatCore({ me: this.#me.id, stored });
    for (const intent of this.#intents.splice(0)) intent(this.#core);
    this.session.start();
    this.#every(times.tick, (core) => this.#tick(core));
    this.#every(times.save, () => this.#keep());
    this.#resyncLater();
    this.#pump();
  }

  #opened(): void {
    this.#connected = true;
    this.uploads.connected();
    this.#sessionWaiters.settle();
    this.#sendPresent();
    this.sendWatched();
    this.people.markStale();
    this.whenLoaded((core) => core.connected());
  }

  #closed(): void {
    this.#connected = false;
    this.uploads.disconnected();
    this.presence.disconnected();
    this.whenLoaded((core) => core.disconnected());
  }

  #event(event: ServerEvent): void {
    // Applied in a later task, because an answer that arrived before this event is applied a few microtasks later and
    // must not replace the newer state.
    if (event.event === 'presence') setTimeout(() => this.presence.learn([event.presence]));
    else if (event.event === 'profile') this.people.applyProfile(event.profile);
    else if (event.event === 'resync')
      this.#after(Math.random() * event.withinMs, (core) => this.#repair(core), 'resync');
    else this.whenLoaded((core) => core.applyEvent(event, Date.now()));
    this.#onServerEvent(event);
  }

  /** Repeats a request that the server refused for now. A new session makes the requests that the last one left open. */
  #askAgain({ retryable }: ChatFailure, ask: () => void, name: string): void {
    if (retryable && this.#connected) this.#after(times.askAgain, () => this.#connected && ask(), name);
  }

  /** Requests presence again. Presence events are not numbered, so a lost one is not noticed. */
  #askPresence(): void {
    if (this.presence.users.length > 0) this.sendWatched();
  }

  /** Requests what may have changed while the page was hidden or events were lost. */
  #look(core: ChatCore): void {
    this.#askPresence();
    core.resume();
  }

  /** Requests everything that lost hints (events) may have announced. */
  #repair(core: ChatCore): void {
    this.people.markStale();
    this.#look(core);
  }

  #attentionChanged(): void {
    this.#sendPresent();
    if (!this.#attention.active) {
      this.#flushNow();
      this.#keep();
      return;
    }
    this.session.wake();
    this.whenLoaded((core) => this.#look(core));
  }

  /** Sends read positions and drafts now, because the page may be closing. */
  #flushNow(): void {
    this.whenLoaded((core) => this.#tick(core));
  }

  /** Sends read positions and drafts soon, but at most once a second. */
  flushSoon(): void {
    const pause = this.#tickedAt + times.tick - Date.now();
    this.#after(Math.max(times.flushSoon, Math.min(times.tick, pause)), (core) => this.#tick(core), 'flushSoon');
  }

  #tick(core: ChatCore): void {
    this.#tickedAt = Date.now();
    core.tick(this.#tickedAt);
  }

  /**
   * Reports to the server whether the page is visible. While it is, renews the report at intervals, because it expires
   * at the server.
   */
  #sendPresent(): void {
    if (!this.#connected) return;
    const { active } = this.#attention;
    this.ask({ command: 'present', active }).catch(() => undefined);
    if (active) this.#after(times.presence, () => this.#sendPresent(), 'present');
  }

  /**
   * Schedules the next resync. The interval varies by 25 % in both directions, so that not all clients resync at the
   * same time.
   */
  #resyncLater(): void {
    this.#after(times.resync * (0.75 + Math.random() / 2), (core) => {
      this.#look(core);
      this.#resyncLater();
    });
  }

  /**
   * Performs the I/O that the core requests: sends requests, writes outbox and drafts, settles callers, starts uploads.
   */
  #pump(): void {
    const core = this.#core;
    if (core === null) return;
    for (const outgoing of core.takeRequests()) this.#send(core, outgoing);
    const writes = core.takeWrites().map((write) => this.uploads.withBytes(write));
    if (writes.length > 0) this.#writeDrafts(core.takeDraftWrites(), writes);
    else if (core.draftsUnwritten) this.#after(times.keepDrafts, () => this.#keepDrafts(), 'keepDrafts');
    for (const outcome of core.takeOutcomes()) {
      const waiter = this.#waiters.get(outcome.command.id);
      this.#waiters.delete(outcome.command.id);
      if (outcome.outcome === 'done') waiter?.resolve(outcome.answer);
      else waiter?.reject(new ChatFailure(outcome.code, false));
    }
    this.uploads.look(core);
    if (core.stalled) this.#after(times.stalled, () => core.retryNow(), 'stalled');
    this.#changed();
  }

  #send(core: ChatCore, { token, request }: OutgoingRequest): void {
    this.ask(request).then(
      (ok) => this.whenLoaded(() => core.answered(token, ok)),
      (failure: ChatFailure) =>
        this.whenLoaded(() => core.refused(token, failure.code as ChatErrorCode, failure.retryable)),
    );
  }

  /** Saves everything not yet stored, because the page may be closing. */
  #keep(): void {
    this.#keepDrafts();
    const sync = this.#core?.store() ?? null;
    if (sync === null || sync.list.cursor === this.#savedCursor) return;
    this.#savedCursor = sync.list.cursor;
    this.#write((store) => store.saveSync(sync, this.people.store()));
  }

  #keepDrafts(): void {
    const drafts = this.#core?.takeDraftWrites() ?? [];
    if (drafts.length > 0) this.#writeDrafts(drafts);
  }

  #writeDrafts(drafts: readonly DraftWrite[], outbox: readonly StoreWrite[] = []): void {
    this.#write((store) => store.write(outbox, drafts), drafts);
  }

  /** Starts the write immediately, because the page may be closing. The store preserves the order of the writes. */
  #write(write: (store: DeviceStore) => Promise<void>, drafts: readonly DraftWrite[] = []): void {
    if (this.#store === null || this.#erased) return;
    const settled = write(this.#store).then(
      () => this.#quotaMonitor.written(drafts, this.#core?.unsent().messages ?? 0),
      (error: unknown) => this.#quotaMonitor.failed(drafts, error),
    );
    this.#writing = this.#writing.then(() => settled);
  }

  /** Calls `run` once after a delay. If a call with the same `name` is already scheduled, does nothing. */
  #after(ms: number, run: (core: ChatCore) => void, name?: string): void {
    if (this.#stopped || (name !== undefined && this.#scheduledNames.has(name))) return;
    if (name !== undefined) this.#scheduledNames.add(name);
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (name !== undefined) this.#scheduledNames.delete(name);
      this.whenLoaded(run);
    }, ms);
    this.#timers.add(timer);
  }

  #every(ms: number, run: (core: ChatCore) => void): void {
    this.#after(ms, (core) => {
      run(core);
      this.#every(ms, run);
    });
  }
}

type RequestAsk = NonNullable<SessionLoop['channel']>['ask'];
