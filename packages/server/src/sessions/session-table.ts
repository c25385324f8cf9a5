// Over 300 lines: the one place that answers the calls of sessions and of their registry for one server.
import {
  isThenable,
  isVerdictAwaited,
  type Message,
  type OpenRecord,
  type RegistryIo,
  type ServerLink,
  type ServerSession,
  type ServerSessionIo,
  type ServerSessionView,
  SessionRegistry,
} from '@everywire/protocol/internal';
import { ByAddress } from '../addresses/by-address.js';
import { addressKey } from '../addresses/remote-address.js';
import { errorLocation, isOurs } from '../error-location.js';
import type { MessageMaker } from '../gathering/message-maker.js';
import type { Tick } from '../gathering/tick.js';
import { NotDataError } from '../gathering/to-data.js';
import type { ServerLimits } from '../limits.js';
import { createDeadline, type TimerEntry, type TimerWheel } from '../timer-wheel.js';
import type { Hub } from '../topics/hub.js';
import type { PublishBatch } from '../topics/publish-batch.js';
import type { WireServerOptions } from '../wire-server.js';
import type { Claims, PublishOptions, WireSession } from '../wire-session.js';
import { announced } from './announced-limits.js';
import type { AuthenticatedClient } from './authentication.js';
import { createSecret } from './create-secret.js';
import type { LocatorCodec } from './locator.js';
import type { Policy } from './policy.js';
import { Recordings } from './recordings.js';
import { Restoration } from './restoration.js';
import { type SessionHost, SessionShell } from './session-shell.js';

/** Options of `SessionTable`. */
export interface SessionTableOptions {
  readonly limits: ServerLimits;
  readonly hub: Hub;
  readonly turn: Tick;
  readonly run: PublishBatch;
  readonly wheel: TimerWheel;
  readonly now: () => number;
  readonly maker: MessageMaker;
  readonly onSession: WireServerOptions['onSession'];
  readonly onRestore: WireServerOptions['onRestore'];
  readonly onNotice: (code: string, text: string) => void;
  readonly locators: LocatorCodec;
  readonly policy: Policy | undefined;
  readonly idempotent: boolean;
  /** Called when a session has received a new token from its client. */
  readonly onToken: (session: SessionShell, token: string) => void;
}

/** Milliseconds between two sweeps, which drop expired verdicts (how ended sessions ended). */
const SWEEP_MS = 1_000;

/** All sessions of this server: a registry of the machines, which implement the protocol, and a `SessionShell` around each machine. */
export class SessionTable implements SessionHost, RegistryIo {
  readonly registry: SessionRegistry;
  readonly recordings: Recordings;
  readonly restoration: Restoration;
  readonly #options: SessionTableOptions;
  readonly #unconfirmed: ByAddress<SessionShell> = new ByAddress();
  readonly #sweep: TimerEntry = createDeadline(() => this.#onSweep());
  /** When the last stored verdict will have expired. */
  #sweepUntil = 0;
  /** The subject of each ended session, because its verdict is for that subject only. */
  readonly #endedOf: WeakMap<ServerSession, string> = new WeakMap();
  #serial = 0;
  /** Sessions for whose verdict a client may still ask, once the server stops. */
  #awaited: Set<ServerSession> = new Set();

  constructor(options: SessionTableOptions) {
    this.#options = options;
    const { limits } = options;
    this.registry = new SessionRegistry(this, {
      ...{ limits: announced(limits), buffers: limits, times: limits },
      tombstonesMax: limits.verdictsMax,
      locator: options.locators.own,
      earlyAtOnce: options.idempotent,
    });
    this.recordings = new Recordings(this.registry, limits.recordingsMax);
    const createShell = (machine: ServerSession, claims: Claims): SessionShell => this.#shell(machine, claims);
    this.restoration = new Restoration({ ...options, registry: this.registry, createShell });
  }

  get unconfirmedCount(): number {
    return this.#unconfirmed.size;
  }

  /** Includes unconfirmed sessions, because a revoked one must not start later. */
  sessions(match: ((claims: Claims) => boolean) | undefined): readonly SessionShell[] {
    const shells: SessionShell[] = [];
    for (const {
      delivery: { io },
    } of this.registry.sessions())
      if (io instanceof SessionShell && (match === undefined || match(io.claims))) shells.push(io);
    return shells;
  }

  /** Returns the subject of the session, alive or ended, that an `open` with this nonce started; `undefined` if there is none. */
  subjectOf(nonce: string): string | undefined {
    const machine = this.registry.ofNonce(nonce);
    if (machine === undefined) return undefined;
    return machine.delivery.io instanceof SessionShell
      ? machine.delivery.io.claims.subject
      : this.#endedOf.get(machine);
  }

  /** Answers an `open` of an authenticated client: with the session that this nonce has started before, or with a new one. */
  admit(
    link: ServerLink,
    record: OpenRecord,
    messages: readonly Message[],
    { claims, expiresAt, remoteAddress }: AuthenticatedClient,
  ): void {
    const { limits, now } = this.#options;
    const create = (machine: ServerSession): SessionShell => {
      const shell = this.#create(machine, claims, remoteAddress);
      created = shell;
      return shell;
    };
    let created: SessionShell | undefined;
    this.registry.open(link, record, messages, create, now());
    if (expiresAt !== undefined) created?.machine.renew(expiresAt, now());
    const { unconfirmedMax, unconfirmedPerAddressMax } = limits;
    const address = addressKey(remoteAddress);
    if (this.#unconfirmed.sizeOf(address) > unconfirmedPerAddressMax)
      this.#pushOut(this.#unconfirmed.oldest(address), `unconfirmedPerAddressMax (${unconfirmedPerAddressMax})`);
    if (this.#unconfirmed.size > unconfirmedMax)
      this.#pushOut(this.#unconfirmed.oldest(), `unconfirmedMax (${unconfirmedMax})`);
  }

  /**
   * Closes each session with `shutdown` after its accepted messages. Unconfirmed sessions without a link fail, because their clients
   * open new ones elsewhere. Unconfirmed sessions with a link close like the others, because their confirmation is in flight.
   */
  shutDown(): void {
    this.failUnattached();
    for (const shell of this.sessions(undefined)) shell.machine.close('shutdown');
    this.#awaited = new Set(this.registry.awaited(this.now()));
  }

  /** Returns whether a client is still expected to ask for its verdict, after `shutDown`. */
  isVerdictAwaited(): boolean {
    const time = this.now();
    for (const machine of this.#awaited) {
      if (isVerdictAwaited(machine, time)) return true;
      // Each session is removed once, so that a check after every request stays cheap.
      this.#awaited.delete(machine);
    }
    return false;
  }

  /** Fails unconfirmed sessions, unless they are attached. Their clients open new ones. */
  failUnattached(): void {
    for (const shell of this.sessions(undefined))
      if (this.#unconfirmed.has(shell) && shell.transport === null) shell.machine.fail('unconfirmed');
  }

  failAll(code: string): void {
    for (const shell of this.sessions(undefined)) shell.machine.fail(code);
  }

  #pushOut(oldest: SessionShell | undefined, limit: string): void {
    this.#options.onNotice('unconfirmed', `limits.${limit} sessions wait to be confirmed; the oldest of them ended.`);
    oldest?.machine.fail('unconfirmed');
  }

  #create(machine: ServerSession, claims: Claims, address: string): SessionShell {
    const shell = this.#shell(machine, claims);
    this.#unconfirmed.add(shell, addressKey(address));
    this.recordings.begin(shell);
    return shell;
  }

  #shell(machine: ServerSession, claims: Claims): SessionShell {
    this.#serial += 1;
    return new SessionShell(this, machine, this.#serial, claims);
  }

  // ---- calls of the shells

  now(): number {
    return this.#options.now();
  }

  get maker(): MessageMaker {
    return this.#options.maker;
  }

  get policy(): Policy | undefined {
    return this.#options.policy;
  }

  publish(topic: string, data: string | Uint8Array, options: PublishOptions): void {
    this.#options.hub.publish([topic], data, options);
  }

  get wheel(): TimerWheel {
    return this.#options.wheel;
  }

  get limits(): ServerLimits {
    return this.#options.limits;
  }

  join(session: SessionShell, topic: string, info: unknown): void {
    this.#options.hub.join(session, topic, info);
  }

  leave(session: SessionShell, topic: string): void {
    this.#options.hub.leave(session, topic);
  }

  onConfirmed(session: SessionShell): void {
    this.#unconfirmed.delete(session);
  }

  onBegun(session: SessionShell): Promise<void> | undefined {
    const failed = (error: unknown): void => this.onHandlerFailed(session, error);
    try {
      const state = this.restoration.stateOf(session);
      const opening =
        state === undefined ? this.#options.onSession(session) : this.#options.onRestore?.(session, state);
      return isThenable(opening) ? Promise.resolve(opening).then(() => undefined, failed) : undefined;
    } catch (error) {
      failed(error);
      return undefined;
    }
  }

  onNoMessageHandler({ serial }: SessionShell): void {
    this.#options.onNotice(
      'no_message_handler',
      `A message of session ${serial} waits: onMessage is not set. Set it before the promise of onSession settles.`,
    );
  }

  onEnded(session: SessionShell): void {
    const { hub, wheel, limits, now } = this.#options;
    if (session.machine.done?.code === 'hostile')
      this.#options.onNotice('hostile', `Session ${session.serial} violated the protocol and was ended.`);
    this.#endedOf.set(session.machine, session.claims.subject);
    this.#unconfirmed.delete(session);
    this.recordings.ended(session);
    hub.leaveAll(session);
    wheel.cancel(session);
    this.#sweepUntil = now() + limits.tombstoneMs + SWEEP_MS;
    if (this.#sweep.wheelNext === null) wheel.schedule(this.#sweep, SWEEP_MS);
  }

  /** Ends the session whose handler failed. Other sessions continue (F22). */
  onHandlerFailed(session: SessionShell, error: unknown): void {
    this.#options.onNotice('handler_failed', `A handler of session ${session.serial} failed: ${errorLocation(error)}`);
    session.machine.fail('internal');
  }

  /** Reports a failed `onRequest`; the client received `internal`. The text of NotDataError holds no payload. */
  onRequestFailed({ serial }: WireSession, error: unknown): void {
    const what = isOurs(error, NotDataError) ? error.message : errorLocation(error);
    this.#options.onNotice('handler_failed', `onRequest of session ${serial} failed: ${what}`);
  }

  /** Reports a defect of this program. Only the affected session ends. */
  broken(io: ServerSessionIo, invariant: string): void {
    const of = io instanceof SessionShell ? `Session ${io.serial}` : 'A session';
    this.#options.onNotice('invariant_broken', `${of} was ended with internal: it does not hold that ${invariant}.`);
  }

  onToken(session: SessionShell, token: string): void {
    this.#options.onToken(session, token);
  }

  onTicked(session: SessionShell): void {
    this.#await(session);
  }

  /** Sets the timer for the machine's next tick. */
  #await(session: SessionShell): void {
    const { wheel, now } = this.#options;
    const at = session.machine.nextTickAt;
    if (at === Number.POSITIVE_INFINITY) wheel.cancel(session);
    else wheel.schedule(session, at - now());
  }

  // ---- calls of the registry

  schedule(): void {
    this.#options.turn.schedule();
  }

  catchUp(): void {
    this.#options.run.settle();
  }

  id(): string {
    return createSecret();
  }

  /** Sends a notice if the unknown id of a client belongs to a session of another node. */
  elsewhere(id: string): void {
    const node = this.#options.locators.elsewhere(id);
    if (node !== null) this.#options.onNotice('elsewhere', `A client asked this node for a session of node ${node}.`);
  }

  sooner(_session: ServerSessionView, io: ServerSessionIo): void {
    if (io instanceof SessionShell) this.#await(io);
  }

  #onSweep(): void {
    const { wheel, now } = this.#options;
    const time = now();
    this.registry.tick(time);
    if (time < this.#sweepUntil) wheel.schedule(this.#sweep, SWEEP_MS);
  }
}
