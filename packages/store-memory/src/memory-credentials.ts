import type { ChatLimits, Credential, RevokedCredentials } from '@everywire/chat';
import { compareText } from './compare-text.js';

const DAY_MS = 86_400_000;
const USE_STEP_MS = 60_000;

/** The sign-ins of `MemoryAccounts`. */
export class MemoryCredentials {
  readonly #byToken = new Map<string, Credential>();
  readonly #limits: Pick<ChatLimits, 'credentialDays' | 'credentialsMax'>;

  constructor(limits: Pick<ChatLimits, 'credentialDays' | 'credentialsMax'>) {
    this.#limits = limits;
  }

  /** Creates a sign-in; returns the ids of the least recently used ones, which were evicted for it. */
  create({ tokenHash, ...credential }: Credential & { readonly tokenHash: string }): readonly string[] {
    const others = this.of(credential.user).toSorted((a, b) => a.usedAt - b.usedAt);
    const surplus = others.slice(0, Math.max(0, others.length + 1 - this.#limits.credentialsMax));
    this.#byToken.set(tokenHash, credential);
    return this.revoke(
      credential.user,
      surplus.map(({ id }) => id),
    );
  }

  find(tokenHash: string, usedNow: number): Credential | null {
    const credential = this.#byToken.get(tokenHash);
    if (credential === undefined) return null;
    if (usedNow - credential.usedAt <= this.#limits.credentialDays * DAY_MS) return credential;
    this.#byToken.delete(tokenHash);
    return null;
  }

  use(tokenHash: string, credential: Credential, now: number): Credential {
    if (Math.abs(now - credential.usedAt) < USE_STEP_MS) return credential;
    const used = { ...credential, usedAt: now };
    this.#byToken.set(tokenHash, used);
    return used;
  }

  noteTransport(id: string, transport: string): void {
    for (const [tokenHash, credential] of this.#byToken)
      if (credential.id === id) this.#byToken.set(tokenHash, { ...credential, transport });
  }

  of(user: number): readonly Credential[] {
    return [...this.#byToken.values()]
      .filter((credential) => credential.user === user)
      .sort((a, b) => a.createdAt - b.createdAt || compareText(a.id, b.id));
  }

  revoke(user: number, ids: RevokedCredentials): readonly string[] {
    const named = typeof ids === 'string' || 'allBut' in ids ? null : new Set(ids);
    const kept = typeof ids !== 'string' && 'allBut' in ids ? ids.allBut : null;
    const ended: string[] = [];
    for (const [tokenHash, credential] of this.#byToken) {
      if (credential.user !== user || credential.id === kept || named?.has(credential.id) === false) continue;
      this.#byToken.delete(tokenHash);
      ended.push(credential.id);
    }
    return ended.sort(compareText);
  }
}
