import type { Command, Query } from '@everywire/chat';

/** A request of the core to the server. */
export type ClientRequest = Command | Query;

/** A request to send now. The shell (the code around the core) passes the answer or the failure back with the token. */
export interface OutgoingRequest {
  readonly token: number;
  readonly request: ClientRequest;
}

/** A request in flight or waiting to be sent. */
export interface Underway {
  readonly request: ClientRequest;
  /**
   * Identifies the log that the request is for; empty for other requests. The answer is ignored if that log was dropped
   * meanwhile.
   */
  readonly scope: string;
  /** The tick of the conversation list (its count of inputs) when the request was made. */
  readonly tick: number;
}

/** A settled request. `again`: it must be repeated. */
export interface Settled extends Underway {
  readonly again: boolean;
}

interface Entry extends Underway {
  tick: number;
  /**
   * Whether the request was made again while in flight. It must then be repeated, because the answer may be older than
   * the reason for the second request.
   */
  again: boolean;
}

/**
 * When a request is sent. `now`: with the next `takeOutgoing`. `soon` and `later`: when fewer than
 * `backgroundRequestsMax` such requests are in flight. The limit exists because the server runs the requests of a
 * session in order and throttles them, so each one delays the next message. `soon` goes before `later`.
 */
export type Urgency = 'now' | 'soon' | 'later';

interface AskOptions {
  readonly scope?: string;
  readonly tick?: number;
  readonly again?: boolean;
  readonly urgency?: Urgency;
}

/**
 * Holds the requests of the current connection and removes duplicates. Accepts no requests while disconnected, because
 * a new connection begins by requesting everything that is missing.
 */
export class RequestQueue {
  readonly #backgroundMax: number;
  /** Tokens of background requests that are not sent yet, in the order in which they were made. */
  readonly #waiting: Readonly<Record<Exclude<Urgency, 'now'>, Set<number>>> = { soon: new Set(), later: new Set() };
  /** Tokens of background requests in flight. */
  readonly #background = new Set<number>();
  /** All requests that wait or are in flight, by token. */
  readonly #underway = new Map<number, Entry>();
  /** Tokens of all requests by the key of `keyOf`, to find duplicates. */
  readonly #tokens = new Map<string, number>();
  /** Urgent requests that are not sent yet. */
  #outgoing: OutgoingRequest[] = [];
  #nextToken = 1;
  #connected = false;

  constructor({ backgroundRequestsMax }: { readonly backgroundRequestsMax: number }) {
    this.#backgroundMax = backgroundRequestsMax;
  }

  get connected(): boolean {
    return this.#connected;
  }

  connect(): void {
    this.#connected = true;
  }

  /** Forgets all requests. Late answers are ignored, because their tokens are unknown. */
  disconnect(): void {
    this.#connected = false;
    this.#underway.clear();
    this.#tokens.clear();
    this.#outgoing = [];
    for (const tokens of [this.#background, this.#waiting.soon, this.#waiting.later]) tokens.clear();
  }

  /**
   * Makes a request, unless the same one exists in this scope. If that one is in flight and `again` is set, it will be
   * repeated after its answer. If it still waits, it only becomes more urgent. A no-op while disconnected.
   */
  ask(request: ClientRequest, { scope = '', tick = 0, again = false, urgency = 'now' }: AskOptions = {}): void {
    if (!this.#connected) return;
    const key = keyOf(request, scope);
    const known = this.#tokens.get(key);
    const underway = known === undefined ? undefined : this.#underway.get(known);
    if (known === undefined || underway === undefined) {
      const token = this.#nextToken;
      this.#nextToken += 1;
      this.#underway.set(token, { request, scope, tick, again: false });
      this.#tokens.set(key, token);
      this.#queue({ token, request }, urgency);
    } else if (this.#waiting.soon.has(known) || this.#waiting.later.has(known)) {
      // The request is not sent yet, so its answer will be newer than the reason for making it again.
      underway.tick = tick;
      if (urgency === 'now') this.#queue({ token: known, request }, urgency);
    } else underway.again ||= again;
  }

  #queue(outgoing: OutgoingRequest, urgency: Urgency): void {
    const { soon, later } = this.#waiting;
    for (const tokens of [soon, later]) tokens.delete(outgoing.token);
    if (urgency === 'now') this.#outgoing.push(outgoing);
    else this.#waiting[urgency].add(outgoing.token);
  }

  /** Returns whether a request is in flight or waiting. */
  isAsking(request: ClientRequest, scope = ''): boolean {
    return this.#tokens.has(keyOf(request, scope));
  }

  /**
   * Removes a request that was answered or has failed, and returns it. Returns `null` for a token of an earlier
   * connection.
   */
  settle(token: number): Settled | null {
    const entry = this.#underway.get(token);
    if (entry === undefined) return null;
    this.#underway.delete(token);
    this.#background.delete(token);
    this.#tokens.delete(keyOf(entry.request, entry.scope));
    return entry;
  }

  /** Takes the requests to send now: all urgent ones, and as many background requests as the limit permits. */
  takeOutgoing(): readonly OutgoingRequest[] {
    const taken = this.#outgoing.splice(0);
    for (const tokens of [this.#waiting.soon, this.#waiting.later]) {
      for (const token of tokens) {
        const entry = this.#underway.get(token);
        if (entry === undefined || this.#background.size >= this.#backgroundMax) break;
        tokens.delete(token);
        this.#background.add(token);
        taken.push({ token, request: entry.request });
      }
    }
    return taken;
  }
}

function keyOf(request: ClientRequest, scope: string): string {
  return `${scope} ${JSON.stringify(request)}`;
}
