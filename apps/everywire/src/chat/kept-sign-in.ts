import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { SignedIn } from '@everywire/chat-client';

/**
 * Stores a sign-in beyond the program's end, as a browser does: per server, in a file in the user's state directory
 * (XDG Base Directory Specification) that only the user can read.
 */
export class KeptSignIn {
  readonly #file: string;

  constructor(url: string, environment: Readonly<Record<string, string | undefined>>) {
    const state = environment['XDG_STATE_HOME'] || join(homedir(), '.local', 'state');
    this.#file = join(state, 'everywire', `${encodeURIComponent(new URL(url).origin)}.json`);
  }

  read(): SignedIn | null {
    try {
      const kept = JSON.parse(readFileSync(this.#file, 'utf8')) as Partial<SignedIn>;
      return typeof kept.token === 'string' && typeof kept.me?.id === 'number' ? (kept as SignedIn) : null;
    } catch {
      // Missing, or in another format: the person signs in again.
      return null;
    }
  }

  keep({ me, token }: SignedIn): void {
    mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 });
    // The mode applies only to a new file; an existing one may be readable by others.
    this.forget();
    writeFileSync(this.#file, JSON.stringify({ me, token }), { mode: 0o600 });
  }

  forget(): void {
    rmSync(this.#file, { force: true });
  }
}
