import type { ClientLink } from './client-link.js';

/**
 * The doubt whether the server gets what the client writes. `waiting`: the server has not confirmed written messages.
 * `asked`: the client has asked the server. `since`: the begin of this state, on the shell's clock.
 */
type Doubt = 'none' | { readonly state: 'waiting' | 'asked'; readonly since: number };

/**
 * Tracks whether messages to the server are unconfirmed for too long, and decides what to do: first ask the server, then
 * connect a second link (SN-15). All times are in milliseconds of the shell's clock.
 */
export class UpstreamCheck {
  #doubt: Doubt = 'none';
  /** Number of failed proofs since the last confirmation. */
  #proofs = 0;
  /** The second link, which was connected to find out whether the first one is dead. */
  #second: ClientLink | null = null;

  /** Whether a confirmation is awaited. */
  get isWaiting(): boolean {
    return this.#doubt !== 'none';
  }

  /** Updates whether a confirmation is awaited. @param owed the server has not stated everything as received */
  look(owed: boolean, now: number): void {
    const doubt = this.#doubt;
    if (doubt === 'none' && owed) this.#doubt = { state: 'waiting', since: now };
    if (owed || (doubt !== 'none' && doubt.state === 'asked')) return;
    this.#doubt = 'none';
    this.#proofs = 0;
  }

  /** Records that no confirmation is awaited. */
  assure(): void {
    this.#doubt = 'none';
  }

  /** Records that the server was asked. */
  ask(now: number): void {
    this.#doubt = { state: 'asked', since: now };
  }

  /** Returns what is due: nothing, asking the server, or proving the upstream link by a second link. */
  check(now: number, patienceMs: number): 'nothing' | 'ask' | 'prove' {
    // Half the patience at first. After failed proofs 1, 1, 2, 2, 4, 4 and so on times the patience.
    const pauses = this.#proofs === 0 ? 0.5 : 2 ** ((this.#proofs - 1) >> 1);
    if (this.#doubt === 'none' || now < this.#doubt.since + patienceMs * pauses) return 'nothing';
    return this.#doubt.state === 'asked' ? 'prove' : 'ask';
  }

  /** Records that a second link has begun. If it fails too, the state of the first remains unknown. */
  prove(second: ClientLink | null, now: number): void {
    this.#proofs += 1;
    this.#second = second;
    this.ask(now);
  }

  /** Records that the upstream link is alive. @returns the second link, which is no longer needed */
  takeSecond(): ClientLink | null {
    const second = this.#second;
    this.#second = null;
    return second;
  }
}
