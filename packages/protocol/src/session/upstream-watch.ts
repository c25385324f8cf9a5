import type { ClientLink } from './client-link.js';

/** `waiting`: for news of what was written. `asked`: and the server was asked for it. Both since a reading of the shell's clock. */
type Doubt = 'none' | { readonly state: 'waiting' | 'asked'; readonly since: number };

/** Whether what was written on the way up still owes news, and what is done about it (SN-15). Milliseconds of the shell's clock. */
export class UpstreamWatch {
  #doubt: Doubt = 'none';
  /** How often it was proven in vain since news came. */
  #proofs = 0;
  /** The link that is to prove it. */
  #second: ClientLink | null = null;

  /** Whether news is waited for. */
  get isWaiting(): boolean {
    return this.#doubt !== 'none';
  }

  /** Looks whether news is waited for. @param owed the server has not stated everything as received */
  look(owed: boolean, now: number): void {
    const doubt = this.#doubt;
    if (doubt === 'none' && owed) this.#doubt = { state: 'waiting', since: now };
    if (owed || (doubt !== 'none' && doubt.state === 'asked')) return;
    this.#doubt = 'none';
    this.#proofs = 0;
  }

  /** Nothing is waited for. */
  assure(): void {
    this.#doubt = 'none';
  }

  ask(now: number): void {
    this.#doubt = { state: 'asked', since: now };
  }

  /** What is due: nothing, to ask the server, or to prove the way up by a second link. */
  check(now: number, patienceMs: number): 'nothing' | 'ask' | 'prove' {
    const pauses = this.#proofs === 0 ? 0.5 : 2 ** ((this.#proofs - 1) >> 1);
    if (this.#doubt === 'none' || now < this.#doubt.since + patienceMs * pauses) return 'nothing';
    return this.#doubt.state === 'asked' ? 'prove' : 'ask';
  }

  /** A second link is begun. Should it fail too, it is still not known whether the first lives. */
  prove(second: ClientLink | null, now: number): void {
    this.#proofs += 1;
    this.#second = second;
    this.ask(now);
  }

  /** The way up lives. @returns the link that was to prove it, and has nothing to prove any more */
  takeSecond(): ClientLink | null {
    const second = this.#second;
    this.#second = null;
    return second;
  }
}
