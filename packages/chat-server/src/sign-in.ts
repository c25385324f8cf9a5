import { randomUUID } from 'node:crypto';
import type { Accounts, Credential, NewUser, User } from '@everywire/chat';
import { foldName } from '@everywire/chat/internal';
import { hashBearerToken, isOwnToken, mintBearerToken } from './bearer-token.js';
import { RestRefusal } from './error-codes.js';
import type { ChatServerLimits } from './limits.js';
import { isNameMisleading } from './name-script.js';
import type { PasswordHasher } from './password-hasher.js';
import { type NameLimits, parseDisplayName, parseEmail, parseLabel, parsePersonName } from './person-name.js';
import type { Registration } from './registration.js';
import type { SecondFactorCheck } from './second-factor.js';
import type { SignInAttempts } from './sign-in-attempts.js';

export interface SignedIn {
  readonly user: User;
  readonly credential: Credential;
  /** Shown to its holder in this one answer; afterwards only its hash is known. */
  readonly token: string;
}

/** Begins the ids of sign-ins by tokens that others signed; they are kept nowhere. */
export const signedPrefix = 'jwt-';

/** Who a request or session comes from. */
export interface Caller {
  readonly user: User;
  readonly credential: Credential;
  /** When the token ends by itself, milliseconds since the epoch. Absent: not before it is unused for long. */
  readonly expiresAt?: number;
}

/** What somebody says who wants an account. Untrusted. */
export interface NewAccount {
  readonly name: string;
  readonly displayName?: string;
  readonly password: string;
  readonly email?: string;
}

export interface SignInOptions {
  readonly accounts: Accounts;
  readonly hasher: PasswordHasher;
  readonly attempts: SignInAttempts;
  readonly registration: Registration;
  readonly secondFactor: SecondFactorCheck;
  readonly limits: NameLimits & Pick<ChatServerLimits, 'passwordCharactersMin' | 'passwordCharactersMax'>;
  /** Milliseconds since the epoch. */
  readonly wallNow: () => number;
  /** Who a token is of that somebody else signed. Absent: no such token is accepted. */
  readonly authenticateSigned?: (token: string) => Promise<Caller | null>;
  /** The sign-ins by which a person has sessions now. */
  readonly liveCredentials: (user: number) => readonly string[];
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

  async register(request: NewAccount & { readonly label?: string }): Promise<SignedIn> {
    const { accounts, registration } = this.#options;
    const mode = await registration.mode();
    if (mode !== 'open') throw new RestRefusal(mode === 'closed' ? 'registration_closed' : 'invitation_required');
    const user = await accounts.createUser(await this.newUser(request));
    if (user === null) throw new RestRefusal('name_taken');
    return this.issue(user, request.label);
  }

  /** A person who may be made, with the password hashed; refuses what breaks the rules of names and passwords. */
  async newUser(request: NewAccount): Promise<Omit<NewUser, 'role'>> {
    const { limits } = this.#options;
    const name = parsePersonName(request.name, limits);
    const displayName = parseDisplayName(request.displayName ?? request.name, limits);
    if (name === null || displayName === null) throw new RestRefusal('name_invalid');
    if (isNameMisleading(name)) throw new RestRefusal('name_misleading');
    const email = parseEmail(request.email ?? '');
    if (email === null) throw new RestRefusal('email_invalid');
    const passwordHash = await this.hashPassword(request.password);
    return { name, displayName, email, passwordHash, createdAt: this.#options.wallNow() };
  }

  /** `address` is the key of where the request came from. */
  async logIn(
    request: { readonly name: string; readonly password: string; readonly label?: string; readonly code?: string },
    address: string,
  ): Promise<SignedIn> {
    const user = await this.#attempt(request.name, request.password, address, 'credentials_wrong');
    await this.#options.secondFactor.check(user, request.code);
    return this.issue(user, request.label);
  }

  /** `null` for a token that is unknown, has ended or was revoked. */
  async authenticate(token: string | undefined): Promise<Caller | null> {
    if (token === undefined) return null;
    if (!isOwnToken(token)) return (await this.#options.authenticateSigned?.(token)) ?? null;
    return this.authenticateHash(hashBearerToken(token));
  }

  /** By the hash of a token, which is enough to read files with and for nothing else. */
  authenticateHash(hash: string): Promise<Caller | null> {
    return this.#options.accounts.useCredential(hash, this.#options.wallNow());
  }

  /** Ends this sign-in, or all of the person's. Their sessions end within the second. */
  async logOut(caller: Caller, everywhere: boolean): Promise<void> {
    const signed = caller.credential.id.startsWith(signedPrefix);
    if (signed || everywhere) await this.#endSigned(caller.user.id);
    if (!signed || everywhere) await this.end(caller.user.id, everywhere ? 'all' : [caller.credential.id]);
  }

  /** What others signed cannot be revoked one by one: all that was signed until now is of no use any more. */
  async #endSigned(user: number): Promise<void> {
    const { accounts, wallNow, liveCredentials, onRevoked } = this.#options;
    await accounts.changeUser(user, { signedOutAt: wallNow() });
    onRevoked(liveCredentials(user).filter((id) => id.startsWith(signedPrefix)));
  }

  /** Sets a new password and ends every other sign-in of the person: whoever knew the old one is out. */
  async changePassword(
    caller: Caller,
    passwords: { readonly current: string; readonly next: string },
    address: string,
  ): Promise<void> {
    const { accounts } = this.#options;
    const { current, next } = passwords;
    this.#checkNew(next);
    await this.confirmPassword(caller, current, address);
    await accounts.setPasswordHash(caller.user.id, await this.hashPassword(next));
    await this.endOthers(caller);
  }

  /** Ends every sign-in of the person but this one. */
  async endOthers(caller: Caller): Promise<void> {
    const held = await this.#options.accounts.credentials(caller.user.id);
    const others = held.map((credential) => credential.id).filter((id) => id !== caller.credential.id);
    await this.end(caller.user.id, others);
  }

  /** Ends sign-ins of a person, and their sessions within the second. Answers how many there were. */
  async end(user: number, ids: readonly string[] | 'all'): Promise<number> {
    const ended = await this.#options.accounts.revokeCredentials(user, ids);
    this.#options.onRevoked(ended);
    return ended.length;
  }

  /** Before what a stolen token must not do: the password again, with attempts counted as at a log-in. */
  async confirmPassword(caller: Caller, password: string, address: string): Promise<void> {
    const details = await this.#options.accounts.privateDetails(caller.user.id);
    if (details?.hasPassword === false) throw new RestRefusal('password_missing');
    await this.#attempt(caller.user.name, password, address, 'password_wrong');
  }

  async hashPassword(password: string): Promise<string> {
    this.#checkNew(password);
    const hashed = await this.#options.hasher.hash(password);
    if (hashed === 'busy') throw new RestRefusal('busy', 1_000);
    return hashed;
  }

  /** Signs a person in on a device. */
  async issue(user: User, label: string | undefined): Promise<SignedIn> {
    const now = this.#options.wallNow();
    const token = mintBearerToken();
    const shown = parseLabel(label, this.#options.limits);
    const times = { createdAt: now, usedAt: now, transport: '' };
    const credential: Credential = { id: randomUUID(), user: user.id, label: shown, ...times };
    await this.#options.accounts.createCredential({ ...credential, tokenHash: hashBearerToken(token) });
    return { user, credential, token };
  }

  #checkNew(password: string): void {
    const { passwordCharactersMin, passwordCharactersMax } = this.#options.limits;
    const characters = [...password].length;
    if (characters < passwordCharactersMin || characters > passwordCharactersMax)
      throw new RestRefusal('password_invalid');
  }

  async #attempt(
    name: string,
    password: string,
    address: string,
    wrong: 'credentials_wrong' | 'password_wrong',
  ): Promise<User> {
    const { attempts, wallNow } = this.#options;
    const folded = foldName(name);
    const waitMs = attempts.spend(folded, address, wallNow());
    if (waitMs > 0) throw new RestRefusal('rate_limited', waitMs);
    const user = await this.#checkPassword(name, password);
    if (user === null) throw new RestRefusal(wrong);
    attempts.succeeded(folded, address);
    return user;
  }

  async #checkPassword(name: string, password: string): Promise<User | null> {
    const known = await this.#options.accounts.passwordHash(name);
    const matches = await this.#options.hasher.verify(known?.passwordHash ?? null, password);
    if (matches === 'busy') throw new RestRefusal('busy', 1_000);
    if (!matches || known === null || known.passwordHash === null) return null;
    if (this.#options.hasher.isOutdated(known.passwordHash)) await this.#renewHash(known.user, password);
    return known.user;
  }

  /** The cost was changed since: now is the only moment at which the password is known. When there is no time, the next log-in will do. */
  async #renewHash(user: User, password: string): Promise<void> {
    const renewed = await this.#options.hasher.hash(password);
    if (renewed !== 'busy') await this.#options.accounts.setPasswordHash(user.id, renewed);
  }
}
