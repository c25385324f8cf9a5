import type { Command, Query } from '@everywire/chat';

export type Asked = Command | Query;

/** A request to send now. Its answer or its failure is given back with the token. */
export interface Outgoing {
  readonly token: number;
  readonly request: Asked;
}

/** A request under way. */
export interface Underway {
  readonly request: Asked;
  /** Whose question it is: an answer to a scope that has ended is of no use. */
  readonly scope: string;
  /** The list's tick when it was asked. */
  readonly tick: number;
}

/** A request that came to its end. `again`: it is to be asked once more. */
export interface Settled extends Underway {
  readonly again: boolean;
}

interface Entry extends Underway {
  tick: number;
  /** Asked for again while under way: the answer may be older than the reason for asking. */
  again: boolean;
}

/**
 * When a request is sent. `now`: with the next `takeOutgoing`. The others wait in the ledger until fewer than `backgroundRequestsMax` of
 * them are under way, because the server runs the requests of a session in order and at a pace: whatever is sent stands before the next
 * message. `soon` goes before `later`.
 */
export type Urgency = 'now' | 'soon' | 'later';

interface AskOptions {
  readonly scope?: string;
  readonly tick?: number;
  readonly again?: boolean;
  readonly urgency?: Urgency;
}

/** What is being asked over the present connection, each thing once at a time. While there is none, nothing is asked. */
export class RequestLedger {
  readonly #backgroundMax: number;
  /** Tokens of requests that are not sent yet, in the order they were asked. */
  readonly #waiting: Readonly<Record<Exclude<Urgency, 'now'>, Set<number>>> = { soon: new Set(), later: new Set() };
  /** Tokens of those that waited and were sent. */
  readonly #background = new Set<number>();
  readonly #underway = new Map<number, Entry>();
  readonly #tokens = new Map<string, number>();
  #outgoing: Outgoing[] = [];
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

  /** What was under way is forgotten; an answer that still comes is not known here any more. */
  disconnect(): void {
    this.#connected = false;
    this.#underway.clear();
    this.#tokens.clear();
    this.#outgoing = [];
    for (const tokens of [this.#background, this.#waiting.soon, this.#waiting.later]) tokens.clear();
  }

  /** Asks, unless the same is under way in this scope; then, with `again`, once more after its answer. One that waits only becomes more urgent. */
  ask(request: Asked, { scope = '', tick = 0, again = false, urgency = 'now' }: AskOptions = {}): void {
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
      // Not sent yet, so its answer will be newer than the reason for asking.
      underway.tick = tick;
      if (urgency === 'now') this.#queue({ token: known, request }, urgency);
    } else underway.again ||= again;
  }

  #queue(outgoing: Outgoing, urgency: Urgency): void {
    const { soon, later } = this.#waiting;
    for (const tokens of [soon, later]) tokens.delete(outgoing.token);
    if (urgency === 'now') this.#outgoing.push(outgoing);
    else this.#waiting[urgency].add(outgoing.token);
  }

  isAsking(request: Asked, scope = ''): boolean {
    return this.#tokens.has(keyOf(request, scope));
  }

  /** Takes a request off, answered or failed; `null` for one of an earlier connection. */
  settle(token: number): Settled | null {
    const entry = this.#underway.get(token);
    if (entry === undefined) return null;
    this.#underway.delete(token);
    this.#background.delete(token);
    this.#tokens.delete(keyOf(entry.request, entry.scope));
    return entry;
  }

  takeOutgoing(): readonly Outgoing[] {
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

function keyOf(request: Asked, scope: string): string {
  return `${scope} ${JSON.stringify(request)}`;
}
