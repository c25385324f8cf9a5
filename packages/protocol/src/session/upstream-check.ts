import type { ClientLink } from './client-link.js';

/**
 * `waiting`: for confirmation of written messages. `asked`: the server was asked for it. Both since a time of the
 * shell's clock.
 */
type Doubt = 'none' | { readonly state: 'waiting' | 'asked'; readonly since: number };

/**
 * Tracks whether upstream messages are unconfirmed, and how to check them (SN-15). Milliseconds of the shell's clock.
 */
export class UpstreamCheck {
  #doubt: Doubt = 'none';
  /** Number of failed proofs since the last confirmation. */
  #proofs = 0;
  /** The link that proves the upstream link. */
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
