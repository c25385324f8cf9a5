// Longer than 300 lines: all I/O around the core, in one place without rules.
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

/** Milliseconds. */
const times = {
  tick: 1_000,
  /** Delay before reads and drafts are sent, if nothing was sent for a second: other devices show them within half a second. */
  flushSoon: 200,
  /** CH-16: nodes report losses that they know of; this finds the others. */
  resync: 900_000,
  presence: 30_000,
  /** Delay after dropped hints; covers all dropped meanwhile, because this client is slow already. */
  dropped: 1_000,
  stalled: 3_000,
  /** Retry delay after the server refused to watch presence. */
  watchAgain: 3_000,
  save: 30_000,
  keepDrafts: 500,
  /** How long a request waits for a session to open. */
  askedEarly: 10_000,
} as const;

interface Waiter {
  readonly resolve: (answer: Answers[KeyedCommand['command']]) => void;
  readonly reject: (failure: ChatFailure) => void;
}

/**
 * Performs the core's I/O: sends its requests, writes its outbox to the device, calls its clock. Contains no chat rules.
 *
 * The core exists once the device's store was read; until then, intents wait in `whenLoaded`.
 */
export class Engine {
  readonly people: PeopleDirectory;
  readonly presence: PresenceWatch = new PresenceWatch();
  readonly session: SessionLoop;
  readonly uploads: OutboxUploads;
  readonly #me: Person;
  readonly #changed: () => void;
  readonly #heard: (event: ServerEvent) => void;
  readonly #attention: Attention;
  readonly #waiters = new Map<CommandId, Waiter>();
  readonly #intents: ((core: ChatCore) => void)[] = [];
  readonly #sessionAwaited: SessionWaiters = new SessionWaiters();
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #core: ChatCore | null = null;
  #store: DeviceStore | null = null;
  /**
   * The list cursor saved last: while it is unchanged, the stored state needs no update, because resuming from it yields the
   * same.
   */
  #savedCursor: string | null = null;
  readonly #named = new Set<string>();
  readonly #room: StorageQuotaMonitor;
  #writing: Promise<void> = Promise.resolve();
  /** The store was erased and must not be written any more. */
  #erased = false;
  #connected = false;
  #tickedAt = 0;
  #stopped = false;
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
    /** Called with each event of the server, after it was applied. */
    readonly heard: (event: ServerEvent) => void;
    readonly upload: ChatClient['upload'];
  }) {
    this.#me = options.me;
    this.#changed = options.changed;
    this.#heard = options.heard;
    this.#room = new StorageQuotaMonitor(options.changed);
    this.people = new PeopleDirectory({
      me: options.me,
      ask: async (ids) => (await this.ask({ command: 'people', ids })).people,
      changed: options.changed,
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
    return this.#room.full;
  }

  /** Runs an intent now, or once the device's store was read; then performs the core's I/O. */
  whenLoaded(intent: (core: ChatCore) => void): void {
    if (this.#core === null) {
      this.#intents.push(intent);
      return;
    }
    intent(this.#core);
    this.#pump();
  }

  /**
   * Sends a request outside the core, for data that is not stored. Waits while a session is being opened, as at the start of a
   * page.
   *
   * @throws ChatFailure `offline` if no session opens within ten seconds, or none is being opened
   */
  ask: RequestAsk = async (request) => {
    const { state } = this.session.status;
    if (!this.#connected && (state === 'connecting' || state === 'reconnecting') && !this.#stopped)
      await this.#sessionAwaited.wait(times.askedEarly);
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
      // The next session sends it again.
      ({ retryable }: ChatFailure) => retryable && this.#after(times.watchAgain, () => this.sendWatched(), 'watch'),
    );
  }

  /**
   * Stops the client. With `erase`, sends nothing more, because the user accepted that it is lost; otherwise delivers what the
   * session holds first.
   */
  async stop(options: { readonly erase: boolean }): Promise<void> {
    if (options.erase) this.session.terminate();
    else this.#flushNow();
    this.#stopped = true;
    this.#givenUp = options.erase;
    if (options.erase) this.#closed();
    this.uploads.stop();
    this.#sessionAwaited.settle();
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
   * Erases the device's copy after the sign-in ended. A revoked one keeps nothing, because the device may be in other hands. If
   * the sign-in merely expired (also all that a device learns that was offline when revoked), unsent data waits for the same
   * user.
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

  async #load(name: string): Promise<void> {
    const store = await openDeviceStore(name);
    const stored = await store.load().catch(() => null);
    if (this.#stopped) {
      // Signed out before the store was opened.
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
    this.#sessionAwaited.settle();
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
    // Deferred: a preceding answer is applied a few microtasks later.
    if (event.event === 'presence') setTimeout(() => this.presence.learn([event.presence]));
    else if (event.event === 'profile') this.people.applyProfile(event.profile);
    else if (event.event === 'resync')
      this.#after(Math.random() * event.withinMs, (core) => this.#repair(core), 'resync');
    else this.whenLoaded((core) => core.applyEvent(event, Date.now()));
    this.#heard(event);
  }

  /** Requests presence again: presence events are not numbered, so dropped ones are not reported. */
  #askPresence(): void {
    if (this.presence.users.length > 0) this.sendWatched();
  }

  #look(core: ChatCore): void {
    this.#askPresence();
    core.resume();
  }

  /** Requests everything that lost hints may have announced. */
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

  /** Sends reads and drafts before the page may be gone. */
  #flushNow(): void {
    this.whenLoaded((core) => this.#tick(core));
  }

  /** Sends reads and drafts soon, but at most once a second. */
  flushSoon(): void {
    const pause = this.#tickedAt + times.tick - Date.now();
    this.#after(Math.max(times.flushSoon, Math.min(times.tick, pause)), (core) => this.#tick(core), 'tell');
  }

  #tick(core: ChatCore): void {
    this.#tickedAt = Date.now();
    core.tick(this.#tickedAt);
  }

  /** Renews this user's presence lease while the page is visible; otherwise it expires. */
  #sendPresent(): void {
    if (!this.#connected) return;
    const { active } = this.#attention;
    this.ask({ command: 'present', active }).catch(() => undefined);
    if (active) this.#after(times.presence, () => this.#sendPresent(), 'present');
  }

  #resyncLater(): void {
    this.#after(times.resync * (0.75 + Math.random() / 2), (core) => {
      this.#look(core);
      this.#resyncLater();
    });
  }

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

  /** Begins the write synchronously, because the page may be closing; the store preserves the order. */
  #write(write: (store: DeviceStore) => Promise<void>, drafts: readonly DraftWrite[] = []): void {
    if (this.#store === null || this.#erased) return;
    const written = write(this.#store).then(
      () => this.#room.written(drafts, this.#core?.unsent().messages ?? 0),
      (error: unknown) => this.#room.failed(drafts, error),
    );
    this.#writing = this.#writing.then(() => written);
  }

  /** Runs once after a delay. A named one is scheduled only once at a time. */
  #after(ms: number, run: (core: ChatCore) => void, name?: string): void {
    if (this.#stopped || (name !== undefined && this.#named.has(name))) return;
    if (name !== undefined) this.#named.add(name);
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (name !== undefined) this.#named.delete(name);
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
