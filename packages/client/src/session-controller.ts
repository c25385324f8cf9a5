// Longer than 300 lines, because one class implements all calls of the session. Choosing, racing and remembering have their own files.
import type { Verdict } from '@everywire/protocol';
import {
  type ClientIo,
  type ClientLinkEnd,
  type ClientLinkView,
  type ClientRecord,
  ClientSession,
  type ClientStart,
  type Message,
  type MessageSource,
  readLateRecords,
  type Transport,
  type TypedMessage,
} from '@everywire/protocol/internal';
import { Alarm } from './alarm.js';
import { type Chooser, createChooser, type TransportFailure } from './chooser.js';
import { now } from './clock.js';
import { sendFinalBody } from './farewell.js';
import { ATTEMPTS_MAX, MEASURED_EVERY_MS, SHORT_POLL_MS, TRIED_UNITS_MAX, WAITING_LEAST_MS } from './limits.js';
import { createNetworkMemory, type NetworkMemory, pageStorage } from './network-memory.js';
import { reportWrongOptions } from './option-names.js';
import { RaceTimer } from './race-timer.js';
import { randomFraction } from './random.js';
import { SendQueue } from './send-queue.js';
import type { FirstStage, SecondStage } from './stages.js';
import type { AttemptFacts, TransportEntry } from './transport.js';
import { listenForWaking } from './waking.js';
import type { Attempt, Status, TransportName } from './wire-client.js';

const NEVER = Number.POSITIVE_INFINITY;

/**
 * Reasons of failed streams that demote (other transports are then preferred), with what is demoted. If a proxy buffers one stream, it
 * buffers all streams; `row` demotes only this transport (SN-13).
 */
const blames: Readonly<Record<string, TransportFailure['blame']>> = {
  buffered: 'streams',
  timeout: 'streams',
  crowded: 'streams',
  damaged: 'row',
};

/**
 * The second stage of a session's shell (`SessionShell`, the I/O around the session). It keeps the timer, chooses transports, reports
 * failures, and reacts when the device wakes up. The first stage, `ClientStart`, comes with the page and can only open the session. This
 * class is loaded in parallel, takes over the session and implements all its calls. The shell still owns the carriers, which are the
 * objects of connections.
 */
export class SessionController implements ClientIo, SecondStage {
  readonly session: ClientSession;
  readonly queue: SendQueue;
  readonly #shell: FirstStage;
  readonly #alarm: Alarm = new Alarm((slept) => this.#onRing(slept));
  /** Stops listening for events of the page and the network. */
  readonly #deafen: () => void;
  readonly #memory: NetworkMemory;
  /** The maximum size of a request body, as last stored in the memory; `undefined` if no body was refused. */
  #bodyBytes: number | undefined;
  #chooser!: Chooser;
  readonly #raceTimer: RaceTimer = new RaceTimer();
  /** The last failures, oldest first. The application shows them to a user who asks why the connection is slow. */
  #attempts: readonly Attempt[] = [];
  /**
   * Failures that the server does not know yet (SN-48), as text: `name reason status;` for each. The second field is the value in the last
   * attach.
   */
  #triedUnsent = '';
  #triedInFlight = '';
  /** The reason of the failure that is being handled: an `Attempt.reason`. */
  #reason = '';
  /** Details of the failure that is being handled. */
  #facts: AttemptFacts | undefined;
  /** Since when no link is attached, in milliseconds since the epoch; 0 while a link is attached. */
  #since: number = Date.now();
  /** The transport of the link that was attached last; not one that is only being tried. `undefined` before the first. */
  #inUse: TransportEntry | undefined;
  /** The `stuckSince` of the last `status` with the state `blocked`; 0 if `status` has another state. */
  #stuckSaid = 0;
  /** The round trip as last shown in `status`. */
  #roundTripMs: number | null = null;
  /** When the shown round trip was measured: on the session's clock, and in milliseconds since the epoch. */
  #sampledAt = 0;
  #measuredAt?: number;
  /** Whether a token is being requested from the application. */
  #renewing = false;

  constructor(shell: FirstStage) {
    readLateRecords();
    this.#shell = shell;
    this.session = ClientSession.adopt(shell.session as ClientStart, this, now());
    shell.session = this.session;
    shell.care = this;
    this.queue = new SendQueue(shell);
    reportWrongOptions(shell.options);
    const { storage } = shell.options;
    this.#memory = createNetworkMemory(
      shell.url,
      storage === undefined ? pageStorage() : (storage ?? undefined),
      Date.now,
    );
    this.#renew();
    this.#note();
    this.#beginFirstRace();
    this.#deafen = listenForWaking({
      onShow: this.#wake,
      onNetwork: () => this.#onNetwork(),
      // The event may be wrong, so this asks the server. It asks again after each answer, which may have been in transit before the event.
      onOffline: () => {
        if (!this.#since && this.session.manager.silentSince === null) this.#wake();
      },
      onVisibility: (hidden) => this.#hide(hidden),
      onLeave: (kept) => this.#leave(kept),
    });
    if (this.session.flow.done) this.#deafen();
    const hidden = !!globalThis.document?.hidden;
    if (shell.started) {
      this.session.hidden(hidden, now());
      this.session.flush(now());
    } else this.session.beginHidden(hidden);
    shell.changed();
  }

  // ---- calls of the application, through the shell

  get stated(): Status {
    const { session } = this;
    const attempts = this.#attempts;
    const { links, requests, silentSince } = session.manager;
    const { stuckBytes: bytes, stuckSince, isStated } = requests.size;
    // If no answer has stated the size as the reason, the network may be the cause of the failures. Once shown, `blocked` stays.
    const isKnown = isStated || this.#stuckSaid === stuckSince || silentSince === null;
    const isStuck = stuckSince !== null && !links.up && (this.#since ? isStated && !this.#inUse : isKnown);
    this.#stuckSaid = isStuck ? stuckSince : 0;
    if (isStuck) return { state: 'blocked', reason: 'too_large', bytes, since: wallTimeOf(stuckSince), attempts };
    if (!this.#since && silentSince !== null)
      return { state: 'reconnecting', since: wallTimeOf(silentSince), attempts };
    if (!this.#since) {
      const { ms: roundTripMs, sampledAt } = session.manager.roundTrip;
      const shown = this.#roundTripMs;
      // Every answer changes the round trip a little. Only a change by more than a quarter plus 5 ms is shown.
      const moved = shown === null || Math.abs((roundTripMs ?? 0) - shown) > 5 + shown / 4;
      if (roundTripMs && moved) this.#roundTripMs = Math.ceil(roundTripMs);
      if (roundTripMs && (moved || sampledAt > this.#sampledAt + MEASURED_EVERY_MS)) {
        this.#sampledAt = sampledAt;
        this.#measuredAt = wallTimeOf(sampledAt);
      }
      const measuredAt = this.#measuredAt;
      const measured = measuredAt && { measuredAt };
      return { state: 'open', transport: this.#inUse!.name, roundTripMs: this.#roundTripMs, ...measured, attempts };
    }
    const since = this.#since;
    const waitMs = (session.manager.retryAt ?? 0) - now();
    if (waitMs > WAITING_LEAST_MS)
      return { state: 'waiting', since, retryAt: Math.round(Date.now() + waitMs), attempts };
    return this.#inUse ? { state: 'reconnecting', since, attempts } : { state: 'connecting', attempts };
  }

  useRows(): void {
    this.#renew();
    this.session.switchTo(this.choose(), now());
    this.#arm();
  }

  retryNow(): void {
    this.#chooser.forget();
    queueMicrotask(this.#wake);
  }

  // ---- ClientIo: calls of the session

  choose(): Transport {
    return this.#chooser.choose();
  }

  connect(link: ClientLinkView, head: ClientRecord | undefined, messages: readonly Message[]): void {
    this.#shell.connect(link, head, messages);
    this.#shell.links.get(link)!.bornAt = now();
    if (this.#since && link.kind === 'duplex') this.#raceTimer.begin(now());
    this.#arm();
  }

  writeRecord(link: ClientLinkView, record: ClientRecord): void {
    this.#write(link, () => this.#shell.writeRecord(link, record));
  }

  writeMessages(link: ClientLinkView, source: MessageSource, first: number, last: number): void {
    this.#write(link, () => this.#shell.writeMessages(link, source, first, last));
  }

  /** Writes to a link. If the platform refuses to, the link ends, and the session repeats on another what this one carried. */
  #write(link: ClientLinkView, write: () => void): void {
    try {
      write();
    } catch {
      this.#shell.links.get(link)?.carrier?.close();
      // Not now, because the session is in the middle of a flush.
      queueMicrotask(() => this.linkEnded(link, false, 'cut'));
    }
  }

  end(link: ClientLinkView, reason: ClientLinkEnd): void {
    const state = this.#shell.links.get(link);
    if (!state) return;
    this.#shell.end(link, reason);
    // A stream delivers data immediately (SN-13). If no data arrives although its response has begun or other requests succeed, a proxy
    // buffers it.
    const early = link.kind === 'stream' && (state.opened || !this.#since) ? 'buffered' : 'timeout';
    if (reason === 'silent') this.#reason = state.attached ? reason : early;
    else this.#reason = reason === 'done' ? 'cut' : reason === 'gap' ? 'damaged' : reason;
  }

  deliver(message: Message): void {
    if (!message.typed) {
      this.#shell.deliver(message);
      return;
    }
    this.queue.take(message as TypedMessage);
    this.session.consumed(message);
  }

  counted(): void {
    this.queue.counted();
  }

  ended(verdict: Verdict): void {
    // The timer continues, because the session may still have to inform the server of its end.
    this.#deafen();
    this.queue.ended(verdict);
    this.#raceTimer.settle(undefined);
    this.#shell.ended(verdict);
  }

  drain(): void {
    this.queue.pump();
    this.#shell.drain();
  }

  changed(): void {
    this.queue.pump();
    this.#note();
    this.#shell.changed();
    this.#arm();
  }

  /** Requests a new token from the application, unless one is being requested. If that fails, the server asks for a token again (SN-21). */
  renew(): void {
    if (this.#renewing) return;
    this.#renewing = true;
    const done = (): void => {
      this.#renewing = false;
    };
    this.#shell.askToken().then(() => {
      done();
      const token = this.#shell.token();
      if (token) this.session.renew(token, now());
    }, done);
  }

  proven(transport: Transport): void {
    const { name } = transport as TransportEntry;
    this.#chooser.proven(transport as TransportEntry);
    // If only one transport is allowed, this does not show which one would have been chosen, so nothing is remembered.
    if (this.#shell.rows.length > 1) this.#remember(name);
  }

  #remember(transport: TransportName): void {
    const { known: bodyBytes } = this.session.manager.requests.size;
    this.#bodyBytes = bodyBytes;
    this.#memory.note({ transport, connectMs: this.#raceTimer.connectMs, bodyBytes });
  }

  /** Records a failed link. `proven`: the transport works nevertheless. `reason`: an `Attempt.reason`. */
  failed(transport: Transport, proven: boolean, reason: string = this.#reason): void {
    const row = transport as TransportEntry;
    const attempt: Attempt = { transport: row.name, at: Date.now(), reason, ...this.#facts };
    this.#attempts = [...this.#attempts.slice(1 - ATTEMPTS_MAX), attempt];
    const words = `${row.name} ${reason}${attempt.status ? ` ${attempt.status}` : ''};`;
    if (this.#triedUnsent.indexOf(words) < 0) this.#triedUnsent = (this.#triedUnsent + words).slice(-TRIED_UNITS_MAX);
    const suspect = this.#since > 0 && (reason === 'refused' || reason === 'timeout');
    const blame = row.kind === 'stream' ? blames[reason] : undefined;
    const leastMs = this.session.manager.crowd.leftMs(now());
    this.#chooser.failed({ row, now: now(), proven, suspect, blame, leastMs });
    // `proven`: the transport works, and the server refused for now and asked for a pause. A second transport would reach the same server
    // (SN-43).
    if (proven) this.#raceTimer.settle(undefined);
    const began = !proven && reason !== 'cut' && reason !== 'silent';
    if (this.#since && began && row.kind === 'duplex') this.#raceTimer.hurry(now());
    // The token may have expired while the server could not be reached, so a new one is requested for the next attempt. No call waits for
    // it.
    const nothing = (): void => undefined;
    if (!this.session.id) this.#shell.askToken().then(nothing, nothing);
    this.#shell.changed();
  }

  everyMs(transport: Transport): number {
    return transport.name === 'short-poll' ? (this.#shell.options.shortPollMs ?? SHORT_POLL_MS) : 0;
  }

  tried(): { readonly tried: string } | undefined {
    if (!this.#triedUnsent || this.session.manager.requests.size.isLearning) return undefined;
    this.#triedInFlight = this.#triedUnsent;
    return { tried: this.#triedUnsent };
  }

  reset(topic: string): void {
    this.#shell.socket.fire('reset', { data: topic });
  }

  schedule(): void {
    this.#shell.schedule();
  }

  timer(): void {
    this.#arm();
  }

  random(): number {
    return randomFraction();
  }

  nonce(): string {
    return this.#shell.nonce();
  }

  token(): string | undefined {
    return this.#shell.token();
  }

  // ---- reports of the shell

  /** Handles the end of a link. Derives the reason of a failure if the transport does not know it. */
  linkEnded(link: ClientLinkView, whole: boolean, reason?: string, facts?: AttemptFacts): void {
    const { links } = this.#shell;
    const state = links.get(link);
    if (!state) return;
    links.delete(link);
    const worked = state.attached || (!this.#since && link.transport === this.#inUse);
    this.#facts = facts;
    this.#reason = reason ?? (worked ? 'cut' : state.opened ? 'blocked' : 'refused');
    const { size } = this.session.manager.requests;
    const { stuckSince } = size;
    this.session.linkEnded(link, whole, now(), reason === 'too_large');
    this.#facts = undefined;
    // Remembers the body size for the next page on this network.
    if (size.known !== this.#bodyBytes && this.#inUse && this.#shell.rows.length > 1) this.#remember(this.#inUse.name);
    // No request body passes any more, so failed transports that need no bodies are worth another try.
    if (size.stuckSince !== null && stuckSince === null) this.#chooser.forget();
    this.#shell.changed();
    this.#arm();
  }

  // ---- the clock and the choice

  #arm(): void {
    this.#alarm.set(Math.min(this.session.manager.nextTickAt, this.#raceTimer.at, this.#upgrade()?.at ?? NEVER));
  }

  #onRing(slept: boolean): void {
    if (slept) this.session.wake(now());
    this.session.tick(now());
    if (now() >= this.#raceTimer.at) this.#race();
    const upgrade = this.#upgrade();
    if (upgrade && upgrade.at <= now()) this.session.switchTo(upgrade.row, now());
    this.#shell.changed();
    this.#arm();
  }

  /**
   * Returns a better transport to probe and when to probe it, while another is in use. Returns `undefined` while one is being probed, and
   * if there is no better one.
   */
  #upgrade(): ReturnType<Chooser['upgrade']> {
    if (this.#since || this.#shell.closing || this.session.flow.done) return undefined;
    for (const [{ transport }, { attached }] of this.#shell.links) {
      if (transport && transport !== this.#inUse && !attached) return undefined;
    }
    return this.#chooser.upgrade(this.#inUse!);
  }

  /**
   * Starts to choose among the shell's rows (the allowed transports), and forgets all failures. Uses only what is remembered of this
   * network.
   */
  #renew(): void {
    const { session } = this;
    const { rows } = this.#shell;
    // A row of the first stage has only a name, a kind and a loader. The property `blind` (the client cannot read the answers to its POSTs)
    // is set here.
    for (const row of rows) if (row.name === 'jsonp-poll') Object.assign(row, { blind: true });
    const remembered = this.#memory.recall();
    this.#raceTimer.connectMs = remembered?.connectMs;
    this.#bodyBytes = remembered?.bodyBytes;
    session.manager.requests.size.assume(this.#bodyBytes, now());
    this.#chooser = createChooser({ rows, random: randomFraction, winner: remembered?.transport, now: now() });
    // If only the WebSocket is allowed, no HTTP requests may be used.
    if (rows.some((row) => row.kind !== 'duplex')) session.manager.requests.allow();
  }

  /** Updates the fields that depend on which link is attached. */
  #note(): void {
    const { attached, current } = this.session.manager.links;
    if (!attached) {
      this.#since ||= Date.now();
      return;
    }
    // Between two polls that the server answers immediately, the session is attached but has no current link.
    if (!current) return;
    const bornAt = this.#since && current.kind === 'duplex' ? this.#shell.links.get(current)?.bornAt : undefined;
    this.#raceTimer.settle(bornAt && now() - bornAt);
    this.#since = 0;
    if (this.#triedInFlight === this.#triedUnsent) this.#triedUnsent = '';
    this.#inUse = current.transport as TransportEntry;
  }

  /**
   * Schedules the race against the first link, if it is still connecting. Starts the race immediately if another transport worked on this
   * network before.
   */
  #beginFirstRace(): void {
    const { ms: roundTripMs } = this.session.manager.roundTrip;
    // The duration of the first connect is not known here. The first stage has estimated the round trip as half of it.
    if (roundTripMs && !this.#since) this.#raceTimer.connectMs ??= 2 * roundTripMs;
    if (!this.#since || !this.#shell.started) return;
    const [first] = this.session.manager.links.all;
    if (first?.transport !== this.#chooser.choose()) {
      this.#raceTimer.hurry(now());
      return;
    }
    this.#shell.links.get(first)!.bornAt = first.since;
    this.#raceTimer.begin(first.since);
  }

  /** Starts a second transport while the first has not answered. The one that is attached first wins (SN-14). */
  #race(): void {
    this.#raceTimer.taken();
    const row = this.#since ? this.#chooser.second() : undefined;
    if (row) this.session.race(row, now());
  }

  #wake = (): void => {
    if (!this.#shell.started) return;
    this.session.wake(now());
    this.#arm();
  };

  #onNetwork(): void {
    this.#renew();
    this.#wake();
  }

  #leave(kept: boolean): void {
    if (!this.#shell.started) return;
    sendFinalBody(this.session, `${this.#shell.url}/up`, !kept);
    // Closes the links, because a browser does not keep a page with open links in its page cache.
    this.session.rest(now());
    this.#arm();
  }

  #hide(hidden: boolean): void {
    if (!this.#shell.started) {
      this.session.beginHidden(hidden);
      return;
    }
    this.session.hidden(hidden, now());
    if (!hidden) this.#wake();
  }
}

/** Converts a time of the session's clock (`performance.now`) to milliseconds since the epoch. */
function wallTimeOf(at: number): number {
  return Math.round(Date.now() - (now() - at));
}
