import { randomUUID } from 'node:crypto';
import type { Accounts, Credential, User } from '@everywire/chat';
import { foldName } from '@everywire/chat/internal';
import { hashBearerToken, mintBearerToken } from './bearer-token.js';
import { RestRefusal } from './error-codes.js';
import type { PasswordHasher } from './password-hasher.js';
import { parseDisplayName, parsePersonName } from './person-name.js';
import type { SignInAttempts } from './sign-in-attempts.js';

const passwordCharactersMin = 8;
const passwordCharactersMax = 256;
const labelCharactersMax = 100;

export interface SignedIn {
  readonly user: User;
  readonly credential: Credential;
  /** Shown to its holder in this one answer; afterwards only its hash is known. */
  readonly token: string;
}

/** Who a request or session comes from. */
export interface Caller {
  readonly user: User;
  readonly credential: Credential;
}

export interface SignInOptions {
  readonly accounts: Accounts;
  readonly hasher: PasswordHasher;
  readonly attempts: SignInAttempts;
  readonly registrationOpen: boolean;
  /** Milliseconds since the epoch. */
  readonly wallNow: () => number;
  /** Ends the live sessions of credentials that were just revoked. */
  readonly onRevoked: (credentials: readonly string[]) => void;
}

/**
 * Registering, logging in and out. Every expected refusal is a thrown `RestRefusal`; nothing is changed then. Neither answer
 * nor time tells an unknown name from a wrong password.
 */
export class SignIn {
  readonly #options: SignInOptions;

  constructor(options: SignInOptions) {
    this.#options = options;
  }

  async register(request: {
    readonly name: string;
    readonly displayName?: string;
    readonly password: string;
    readonly label?: string;
  }): Promise<SignedIn> {
    const { accounts, registrationOpen, wallNow } = this.#options;
    if (!registrationOpen) throw new RestRefusal('registration_closed');
    const name = parsePersonName(request.name);
    const displayName = parseDisplayName(request.displayName ?? request.name);
    if (name === null || displayName === null) throw new RestRefusal('name_invalid');
    checkPassword(request.password);
    const passwordHash = await this.#hash(request.password);
    const user = await accounts.createUser({ name, displayName, passwordHash, createdAt: wallNow() });
    if (user === null) throw new RestRefusal('name_taken');
    return this.#issue(user, request.label);
  }

  /** `address` is the key of where the request came from. */
  async logIn(
    request: { readonly name: string; readonly password: string; readonly label?: string },
    address: string,
  ): Promise<SignedIn> {
    const user = await this.#attempt(request.name, request.password, address);
    return this.#issue(user, request.label);
  }

  /** `null` for a token that is unknown, has ended or was revoked. */
  async authenticate(token: string | undefined): Promise<Caller | null> {
    if (token === undefined) return null;
    return this.#options.accounts.useCredential(hashBearerToken(token), this.#options.wallNow());
  }

  /** Ends this sign-in, or all of the person's. Their sessions end within the second. */
  async logOut(caller: Caller, everywhere: boolean): Promise<void> {
    const ids = everywhere ? 'all' : [caller.credential.id];
    this.#options.onRevoked(await this.#options.accounts.revokeCredentials(caller.user.id, ids));
  }

  /** Sets a new password and ends every other sign-in of the person: whoever knew the old one is out. */
  async changePassword(
    caller: Caller,
    passwords: { readonly current: string; readonly next: string },
    address: string,
  ): Promise<void> {
    const { accounts } = this.#options;
    const { current, next } = passwords;
    checkPassword(next);
    await this.#attempt(caller.user.name, current, address);
    await accounts.setPasswordHash(caller.user.id, await this.#hash(next));
    const held = await accounts.credentials(caller.user.id);
    const others = held.map((credential) => credential.id).filter((id) => id !== caller.credential.id);
    this.#options.onRevoked(await accounts.revokeCredentials(caller.user.id, others));
  }

  async #attempt(name: string, password: string, address: string): Promise<User> {
    const { attempts, wallNow } = this.#options;
    const folded = foldName(name);
    const waitMs = attempts.spend(folded, address, wallNow());
    if (waitMs > 0) throw new RestRefusal('rate_limited', waitMs);
    const user = await this.#checkPassword(name, password);
    attempts.succeeded(folded, address);
    return user;
  }

  async #checkPassword(name: string, password: string): Promise<User> {
    const known = await this.#options.accounts.passwordHash(name);
    const matches = await this.#options.hasher.verify(known?.passwordHash ?? null, password);
    if (matches === 'busy') throw new RestRefusal('busy', 1_000);
    if (!matches || known === null) throw new RestRefusal('credentials_wrong');
    if (this.#options.hasher.isOutdated(known.passwordHash)) await this.#renewHash(known.user, password);
    return known.user;
  }

  /** The cost was changed since: now is the only moment at which the password is known. When there is no time, the next log-in will do. */
  async #renewHash(user: User, password: string): Promise<void> {
    const renewed = await this.#options.hasher.hash(password);
    if (renewed !== 'busy') await this.#options.accounts.setPasswordHash(user.id, renewed);
  }

  async #hash(password: string): Promise<string> {
    const hashed = await this.#options.hasher.hash(password);
    if (hashed === 'busy') throw new RestRefusal('busy', 1_000);
    return hashed;
  }

  async #issue(user: User, label: string | undefined): Promise<SignedIn> {
    const now = this.#options.wallNow();
    const token = mintBearerToken();
    const shown = [...(label ?? '').replace(/\p{C}/gu, ' ').trim()].slice(0, labelCharactersMax).join('');
    const credential: Credential = { id: randomUUID(), user: user.id, label: shown, createdAt: now, usedAt: now };
    await this.#options.accounts.createCredential({ ...credential, tokenHash: hashBearerToken(token) });
    return { user, credential, token };
  }
}

function checkPassword(password: string): void {
  const characters = [...password].length;
  if (characters < passwordCharactersMin || characters > passwordCharactersMax)
    throw new RestRefusal('password_invalid');
}
