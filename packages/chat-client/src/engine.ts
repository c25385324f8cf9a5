// Longer than 300 lines: all that a device does around its core, in one place that holds no rule.
import type { Answers, CommandId, ErrorCode, KeyedCommand, ServerEvent, UserId } from '@everywire/chat';
import type { TransportName } from '@everywire/client';
import { Attention } from './attention.js';
import type { Person } from './chat-client.js';
import { ChatFailure } from './chat-failure.js';
import { ChatCore } from './core/chat-core.js';
import type { Outgoing } from './core/request-ledger.js';
import { type DeviceStore, openDeviceStore } from './device-store.js';
import { PeopleDirectory } from './people-directory.js';
import { PresenceWatch } from './presence-watch.js';
import { SessionLoop } from './session-loop.js';
import type { TokenSource } from './token-source.js';

/** Milliseconds. CH-16: a visible client looks for what it missed every minute, a hidden one every five. */
const times = {
  tick: 1_000,
  resyncVisible: 60_000,
  resyncHidden: 300_000,
  presence: 30_000,
  /** After hints were dropped: together for all that are dropped meanwhile, for this client is behind already. */
  dropped: 1_000,
  stalled: 3_000,
  save: 30_000,
  keepDrafts: 500,
} as const;

interface Waiter {
  readonly resolve: (answer: Answers[KeyedCommand['command']]) => void;
  readonly reject: (failure: ChatFailure) => void;
}

/**
 * Performs what the core wants: sends its requests, writes its outbox to the device, calls its clock. Holds no rule of the chat.
 *
 * The core exists once the device's store was read; until then nothing is held and intents wait in `whenLoaded`.
 */
export class Engine {
  readonly people: PeopleDirectory;
  readonly presence: PresenceWatch = new PresenceWatch();
  readonly session: SessionLoop;
  readonly #me: Person;
  readonly #changed: () => void;
  readonly #attention: Attention;
  readonly #waiters = new Map<CommandId, Waiter>();
  readonly #intents: ((core: ChatCore) => void)[] = [];
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #core: ChatCore | null = null;
  #store: DeviceStore | null = null;
  /** The list cursor that was kept last: while it stands, what is kept repairs itself to the same. */
  #savedCursor: string | null = null;
  readonly #named = new Set<string>();
  #writing: Promise<void> = Promise.resolve();
  #connected = false;
  #stopped = false;
  signedOut = false;

  constructor(options: {
    readonly url: string;
    readonly me: Person;
    readonly token: TokenSource;
    readonly transport: TransportName | null;
    readonly tcp: string | undefined;
    readonly changed: () => void;
  }) {
    this.#me = options.me;
    this.#changed = options.changed;
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
      signedOut: () => {
        this.signedOut = true;
        this.#changed();
      },
      status: () => {
        this.presence.reach(this.session.status.state === 'open');
        this.#changed();
      },
    });
    this.#attention = new Attention({
      changed: () => this.#attentionChanged(),
      leaving: () => this.#keep(),
      online: () => this.session.wake(),
    });
    void this.#load(`everywire ${new URL(options.url).origin} ${options.me.id}`);
  }

  get me(): UserId {
    return this.#me.id;
  }

  /** `null` until the device's store was read. */
  get core(): ChatCore | null {
    return this.#core;
  }

  /** Runs now, or as soon as the device's store was read; then does what the core wants done. */
  whenLoaded(intent: (core: ChatCore) => void): void {
    if (this.#core === null) {
      this.#intents.push(intent);
      return;
    }
    intent(this.#core);
    this.#pump();
  }

  /** Asks beside the core, for what is not kept. @throws ChatFailure */
  ask: RequestAsk = (request) => {
    const { channel } = this.session;
    return channel === null ? Promise.reject(new ChatFailure('offline', true)) : channel.ask(request);
  };

  /** Puts a command into the outbox and waits for its end, over reconnections and all. @throws ChatFailure */
  command(command: KeyedCommand): Promise<Answers[KeyedCommand['command']]> {
    return new Promise((resolve, reject) => {
      this.whenLoaded((core) => {
        if (core.enqueue(command, Date.now()) === 'outbox_full') reject(new ChatFailure('outbox_full', true));
        else this.#waiters.set(command.id, { resolve, reject });
      });
    });
  }

  /** The set of people watched has changed. */
  tellWatched(): void {
    if (!this.#connected) return;
    this.ask({ command: 'watchPresence', users: this.presence.users }).then(
      ({ presence }) => this.presence.learn(presence),
      () => undefined, // The next session tells it again.
    );
  }

  async stop(options: { readonly erase: boolean }): Promise<void> {
    this.#tellNow();
    this.#stopped = true;
    this.#attention.stop();
    for (const timer of this.#timers) clearTimeout(timer);
    if (!options.erase) this.#keep();
    const ended = this.session.stop();
    // A session that never opened takes a while to close; nobody who signs out waits for it.
    if (!options.erase) await ended;
    for (const { reject } of this.#waiters.values()) reject(new ChatFailure('closed', false));
    this.#waiters.clear();
    const store = this.#store;
    this.#store = null;
    await this.#writing;
    if (options.erase) await store?.erase();
    store?.close();
  }

  async #load(name: string): Promise<void> {
    const store = await openDeviceStore(name);
    const stored = await store.load().catch(() => null);
    if (this.#stopped) {
      store.close();
      return;
    }
    this.#store = store;
    this.people.restore(stored?.people ?? []);
    this.#core = new ChatCore({ me: this.#me.id, stored });
    for (const intent of this.#intents.splice(0)) intent(this.#core);
    this.session.start();
    this.#every(times.tick, (core) => core.tick(Date.now()));
    this.#every(times.save, () => this.#keep());
    this.#resyncLater();
    this.#pump();
  }

  #opened(): void {
    this.#connected = true;
    this.#tellPresent();
    this.tellWatched();
    this.people.doubt();
    this.whenLoaded((core) => core.connected());
  }

  #closed(): void {
    this.#connected = false;
    this.presence.disconnected();
    this.whenLoaded((core) => core.disconnected());
  }

  #event(event: ServerEvent): void {
    if (event.event === 'presence') this.presence.learn([event.presence]);
    else if (event.event === 'profile') this.people.told(event.profile);
    else if (event.event === 'resync') this.#after(Math.random() * event.withinMs, (core) => this.#repair(core));
    else this.whenLoaded((core) => core.applyEvent(event, Date.now()));
  }

  /** Presence is dropped where it finds no room (never numbered, never told of): who is watched is asked for anew, as the list is. */
  #askPresence(): void {
    if (this.presence.users.length > 0) this.tellWatched();
  }

  /** Hints may have been lost. */
  #repair(core: ChatCore): void {
    this.#askPresence();
    this.people.doubt();
    core.resume();
  }

  #attentionChanged(): void {
    this.#tellPresent();
    if (!this.#attention.active) {
      this.#tellNow();
      this.#keep();
      return;
    }
    this.session.wake();
    this.whenLoaded((core) => core.resume());
  }

  /** What was read and written last is told before the page may be gone. */
  #tellNow(): void {
    this.whenLoaded((core) => core.tick(Date.now()));
  }

  /** Presence is a lease: it is renewed while somebody looks, and ends by itself when nobody does. */
  #tellPresent(): void {
    if (!this.#connected) return;
    const { active } = this.#attention;
    this.ask({ command: 'present', active }).catch(() => undefined);
    if (active) this.#after(times.presence, () => this.#tellPresent(), 'present');
  }

  #resyncLater(): void {
    const period = this.#attention.active ? times.resyncVisible : times.resyncHidden;
    this.#after(period * (0.75 + Math.random() / 2), (core) => {
      this.#askPresence();
      core.resume();
      this.#resyncLater();
    });
  }

  #pump(): void {
    const core = this.#core;
    if (core === null) return;
    for (const outgoing of core.takeRequests()) this.#send(core, outgoing);
    const writes = core.takeWrites();
    if (writes.length > 0) this.#write((store) => store.write(writes, core.takeDraftWrites()));
    else if (core.draftsUnwritten) this.#after(times.keepDrafts, () => this.#keepDrafts(), 'keepDrafts');
    for (const outcome of core.takeOutcomes()) {
      const waiter = this.#waiters.get(outcome.command.id);
      this.#waiters.delete(outcome.command.id);
      if (outcome.outcome === 'done') waiter?.resolve(outcome.answer);
      else waiter?.reject(new ChatFailure(outcome.code, false));
    }
    if (core.stalled) this.#after(times.stalled, () => core.retryNow(), 'stalled');
    this.#changed();
  }

  #send(core: ChatCore, { token, request }: Outgoing): void {
    this.ask(request).then(
      (ok) => this.whenLoaded(() => core.answered(token, ok)),
      (failure: ChatFailure) =>
        this.whenLoaded(() => core.refused(token, failure.code as ErrorCode, failure.retryable)),
    );
  }

  /** Nothing may come after this: whatever is not on the device yet is given to it. */
  #keep(): void {
    this.#keepDrafts();
    const sync = this.#core?.store() ?? null;
    if (sync === null || sync.list.cursor === this.#savedCursor) return;
    this.#savedCursor = sync.list.cursor;
    this.#write((store) => store.saveSync(sync, this.people.store()));
  }

  #keepDrafts(): void {
    const drafts = this.#core?.takeDraftWrites() ?? [];
    if (drafts.length > 0) this.#write((store) => store.write([], drafts));
  }

  /** Begun at once, for the page may be going away; the store keeps the order. */
  #write(write: (store: DeviceStore) => Promise<void>): void {
    if (this.#store === null) return;
    const written = write(this.#store).catch(() => undefined);
    this.#writing = this.#writing.then(() => written);
  }

  /** Once, after a while. With a name, not again before that. */
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
