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
  /** Asked for again while under way: the answer may be older than the reason for asking. */
  again: boolean;
}

/** What is being asked over the present connection, each thing once at a time. While there is none, nothing is asked. */
export class RequestLedger {
  readonly #underway = new Map<number, Entry>();
  readonly #tokens = new Map<string, number>();
  #outgoing: Outgoing[] = [];
  #nextToken = 1;
  #connected = false;

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
  }

  /** Asks, unless the same is under way in this scope; then, with `again`, once more after its answer. */
  ask(
    request: Asked,
    { scope = '', tick = 0, again = false }: { scope?: string; tick?: number; again?: boolean } = {},
  ): void {
    if (!this.#connected) return;
    const key = keyOf(request, scope);
    const underway = this.#underway.get(this.#tokens.get(key) ?? 0);
    if (underway !== undefined) {
      underway.again ||= again;
      return;
    }
    const token = this.#nextToken;
    this.#nextToken += 1;
    this.#underway.set(token, { request, scope, tick, again: false });
    this.#tokens.set(key, token);
    this.#outgoing.push({ token, request });
  }

  isAsking(request: Asked, scope = ''): boolean {
    return this.#tokens.has(keyOf(request, scope));
  }

  /** Takes a request off, answered or failed; `null` for one of an earlier connection. */
  settle(token: number): Settled | null {
    const entry = this.#underway.get(token);
    if (entry === undefined) return null;
    this.#underway.delete(token);
    this.#tokens.delete(keyOf(entry.request, entry.scope));
    return entry;
  }

  takeOutgoing(): readonly Outgoing[] {
    return this.#outgoing.splice(0);
  }
}

function keyOf(request: Asked, scope: string): string {
  return `${scope} ${JSON.stringify(request)}`;
}
