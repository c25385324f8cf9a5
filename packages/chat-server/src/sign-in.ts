import { randomUUID } from 'node:crypto';
import type { Accounts, Credential, NewUser, RevokedCredentials, User } from '@everywire/chat';
import { foldName } from '@everywire/chat/internal';
import { afterCommit } from './after-commit.js';
import { hashBearerToken, isOwnToken, mintBearerToken } from './bearer-token.js';
import type { DeviceSecrets } from './device-secrets.js';
import { endSignedTokens, endSignIns } from './end-sign-ins.js';
import { RestRefusal } from './error-codes.js';
import type { ChatServerLimits } from './limits.js';
import { parseNewNames } from './new-names.js';
import type { EndedAccess } from './node-message.js';
import { PasswordCheck, type PasswordCheckOptions, type Verified, type VerifiedThere } from './password-check.js';
import { type NameLimits, parseEmail, parseLabel } from './person-name.js';
import { refuseInactive } from './refuse-inactive.js';
import type { Registration } from './registration.js';
import type { NameChooser } from './reserved-names.js';
import type { SecondFactorCheck } from './second-factor.js';
import type { AttemptOrigin, SignInAttempts } from './sign-in-attempts.js';

/** A user who was signed in on a device. */
export interface SignInResult {
  readonly user: User;
  readonly credential: Credential;
  /** The token. Only this answer contains it; the server stores only its hash. */
  readonly token: string;
}

/** Prefix of the ids of sign-ins by tokens that another party signed. Such sign-ins are not stored. */
export const SIGNED_PREFIX = 'jwt-';

/** The authenticated sender of a request or session. */
export interface Caller {
  readonly user: User;
  readonly credential: Credential;
  /** When the token expires, in milliseconds since the epoch. Absent if it only expires after long disuse. */
  readonly expiresAt?: number;
}

/** The untrusted data of a new account. */
export interface NewAccount {
  readonly name: string;
  readonly displayName?: string;
  readonly password: string;
  readonly email?: string;
}

/** The untrusted data of a log-in. */
export interface LogIn {
  readonly name: string;
  readonly password: string;
  readonly label?: string;
  /** Code of the second factor. */
  readonly code?: string;
  /** Secrets that this device was given (`DeviceSecrets`); at most one of them belongs to this user. */
  readonly devices?: readonly string[];
}

/** Dependencies of `SignIn`. */
export interface SignInOptions extends PasswordCheckOptions {
  readonly accounts: Accounts;
  readonly attempts: SignInAttempts;
  readonly deviceSecrets: DeviceSecrets;
  readonly registration: Registration;
  readonly secondFactor: SecondFactorCheck;
  readonly limits: NameLimits & Pick<ChatServerLimits, 'passwordCharactersMin' | 'passwordCharactersMax'>;
  /** Milliseconds since the epoch. */
  readonly wallNow: () => number;
  /** Returns the time by which sign-ins are judged unused. */
  readonly usedNow: () => number;
  /** Returns the time by which tokens of another party are judged. */
  readonly systemNow: () => number;
  /** Returns the latest possible date of a host application's token, in ms since the epoch. Its clock may be ahead of ours. */
  readonly signedUntil: () => number;
  /** Returns the caller of a token that another party signed. Absent if such tokens are not accepted. */
  readonly authenticateSigned?: (token: string) => Promise<Caller | null>;
  /** Ends the sessions and requests whose access has just ended. */
  readonly onEnded: (ended: EndedAccess) => void;
}

/** Registers users and logs them in and out. Hides which names exist. Throws `RestRefusal`, and then changes nothing. */
export class SignIn {
  readonly #options: SignInOptions;
  readonly #passwords: PasswordCheck;

  constructor(options: SignInOptions) {
    this.#options = options;
    this.#passwords = new PasswordCheck(options);
  }

  /** Creates an account and signs it in. @throws RestRefusal if registration is not open, or for invalid or taken data */
  async register(request: NewAccount & { readonly label?: string }): Promise<SignInResult> {
    const { accounts, registration } = this.#options;
    await registration.require(false);
    const person = await this.newUser(request);
    // The password may have waited for hashing while an administrator closed registration.
    await registration.require(false);
    const user = await accounts.createUser(person);
    if (user === null) throw new RestRefusal('name_taken');
    return afterCommit(this.issue(user, request.label));
  }

  /** Returns the validated data of a new account, with the password hashed. @throws RestRefusal for invalid data */
  async newUser(request: NewAccount, by?: NameChooser): Promise<Omit<NewUser, 'role'>> {
    const { limits } = this.#options;
    const names = parseNewNames({ name: request.name, displayName: request.displayName ?? request.name }, limits, by);
    const email = parseEmail(request.email ?? '');
    if (email === null) throw new RestRefusal('email_invalid');
    const passwordHash = await this.hashPassword(request.password);
    return { ...names, email, passwordHash, createdAt: this.#options.wallNow() };
  }

  /** Logs a user in. `address` is the key of the request's origin. @throws RestRefusal */
  async logIn(request: LogIn, address: string): Promise<SignInResult> {
    const { name, password, devices = [] } = request;
    const known = await this.#options.accounts.passwordHash(name);
    const { passwordHash = null } = known ?? {};
    const person = known === null || passwordHash === null ? null : { user: known.user.id, passwordHash };
    const device = await this.#options.deviceSecrets.signInOf(devices, person);
    const from = { name: foldName(name), address, device, passwordHash };
    const verified = await this.#attempt(name, password, from, 'credentials_wrong');
    await this.#options.secondFactor.check(verified.user, request.code, verified.origin);
    const signedIn =
      (await this.#issueTo(verified, request.label)) ??
      // The password was changed meanwhile, or a concurrent log-in rehashed it at another cost.
      (await this.#issueTo(await this.#passwords.verify(name, password, verified.known), request.label));
    if (signedIn === null) throw new RestRefusal('credentials_wrong');
    this.recognize(verified.user, signedIn.passwordHash, address);
    return signedIn.made;
  }

  /** Returns the secret of the device of this sign-in (`DeviceSecrets`); `null` for a user without a password. */
  async deviceSecret({ user, credential }: Caller): Promise<string | null> {
    const { accounts, deviceSecrets } = this.#options;
    const passwordHash = (await accounts.passwordHash(user.name))?.passwordHash ?? null;
    if (passwordHash === null || credential.id.startsWith(SIGNED_PREFIX)) return null;
    return deviceSecrets.of(credential.id, user.id, passwordHash);
  }

  /** Returns the caller of a token; `null` if it is unknown, expired or revoked. */
  async authenticate(token: string | undefined): Promise<Caller | null> {
    if (token === undefined) return null;
    if (!isOwnToken(token)) return (await this.#options.authenticateSigned?.(token)) ?? null;
    return this.authenticateHash(hashBearerToken(token));
  }

  /** Returns the caller by the hash of a token; `null` if unknown. The hash alone authorizes only the reading of files. */
  authenticateHash(hash: string): Promise<Caller | null> {
    const { accounts, wallNow, usedNow } = this.#options;
    return accounts.useCredential(hash, wallNow(), usedNow());
  }

  /** Returns the user of a signed token that was accepted before; `null` once it has expired or its user has signed out. */
  async signedStill(token: {
    readonly user: number;
    readonly issuedAt: number;
    readonly expiresAt: number;
  }): Promise<User | null> {
    const { accounts, systemNow } = this.#options;
    if (token.expiresAt <= systemNow()) return null;
    const details = await accounts.privateDetails(token.user);
    if (details === null || token.issuedAt <= details.signedOutAt) return null;
    const [user] = await accounts.users([token.user]);
    return user?.state === 'active' ? user : null;
  }

  /**
   * Ends this sign-in, or all of the user's; sessions end within a second. A signed token cannot be ended alone: all tokens that were
   * signed until now end with it. `everywhere` includes tokens dated ahead, so one signed immediately afterwards may be refused.
   */
  async logOut(caller: Caller, everywhere: boolean): Promise<void> {
    const signed = caller.credential.id.startsWith(SIGNED_PREFIX);
    const { systemNow, signedUntil } = this.#options;
    const until = everywhere ? signedUntil() : systemNow();
    if (!signed && !everywhere) {
      await this.end(caller.user.id, [caller.credential.id]);
      return;
    }
    await endSignedTokens(this.#options, caller.user.id, Math.max(until, signed ? caller.credential.createdAt : 0));
    if (everywhere) await afterCommit(this.end(caller.user.id, 'all'));
  }

  /** Sets a new password and ends every other sign-in of the user. @throws RestRefusal */
  async changePassword(
    caller: Caller,
    passwords: { readonly current: string; readonly next: string },
    address: string,
  ): Promise<void> {
    const { accounts } = this.#options;
    const { current, next } = passwords;
    this.#checkNew(next);
    const { passwordHash: was, known } = await this.confirmPassword(caller, current, address);
    const passwordHash = await this.hashPassword(next, known);
    const changed = await accounts.setPasswordHash(caller.user.id, passwordHash, was);
    if (!changed) {
      await refuseInactive(accounts, caller.user.id);
      // The confirmed password is no longer current; a retry confirms it again.
      throw new RestRefusal('busy', 1_000);
    }
    this.recognize(caller.user, passwordHash, address);
    await afterCommit(this.endOthers(caller));
  }

  /** Records that the user has just authenticated from here, so that guesses elsewhere do not block sign-ins from here. */
  recognize({ name }: Pick<User, 'name'>, passwordHash: string, address: string): void {
    this.#options.attempts.signedIn({ name: foldName(name), address }, passwordHash);
  }

  /** Ends every other sign-in of the user. */
  async endOthers(caller: Caller): Promise<void> {
    await this.end(caller.user.id, { allBut: caller.credential.id });
  }

  /** Ends sign-ins of a user, and their sessions within a second. Returns how many there were. */
  end(user: number, ids: RevokedCredentials): Promise<number> {
    return endSignIns(this.#options, user, ids);
  }

  /** Checks the user's password again, before an action that a stolen token alone must not permit. @throws RestRefusal */
  async confirmPassword({ user, credential }: Caller, password: string, address: string): Promise<VerifiedThere> {
    const details = await this.#options.accounts.privateDetails(user.id);
    if (details?.hasPassword === false) throw new RestRefusal('password_missing');
    // The sign-in proves that this is the user's device.
    const from = { name: foldName(user.name), address, device: credential.id, passwordHash: null };
    return this.#attempt(user.name, password, from, 'password_wrong');
  }

  /** Hashes a new password. `known`: see `PasswordHasher`. @throws RestRefusal `password_invalid` or `busy` */
  async hashPassword(password: string, known: string | null = null): Promise<string> {
    this.#checkNew(password);
    const hashed = await this.#options.hasher.hash(password, known);
    if (hashed === 'busy') throw new RestRefusal('busy', 1_000);
    return hashed;
  }

  /** Signs a user in on a device without a password. @throws RestRefusal `suspended` */
  async issue(user: User, label: string | undefined): Promise<SignInResult> {
    const made = await this.#make(user, label);
    if (made === null) throw new RestRefusal('suspended');
    return made;
  }

  /** Signs a user in with a verified password; `null` if it was changed meanwhile, since a new password ends earlier sign-ins. */
  async #issueTo(
    verified: Verified | null,
    label: string | undefined,
  ): Promise<{ readonly made: SignInResult; readonly passwordHash: string } | null> {
    if (verified === null) return null;
    const { passwordHash } = verified;
    const made = await this.#make(verified.user, label, passwordHash);
    return made && { made, passwordHash };
  }

  /** Creates a sign-in, and ends those beyond the limit, with their sessions. */
  async #make(user: User, label: string | undefined, passwordHash?: string): Promise<SignInResult | null> {
    if (user.state !== 'active') throw new RestRefusal('suspended');
    const now = this.#options.wallNow();
    const token = mintBearerToken();
    const shown = parseLabel(label, this.#options.limits);
    const times = { createdAt: now, usedAt: now, transport: '' };
    const credential = { id: randomUUID(), user: user.id, label: shown, ...times };
    const kept = { ...credential, tokenHash: hashBearerToken(token) };
    const created = await this.#options.accounts.createCredential(kept, passwordHash);
    if (created === null) return null;
    this.#options.onEnded({ of: 'credentials', ids: created.ended });
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
    from: AttemptOrigin,
    wrong: 'credentials_wrong' | 'password_wrong',
  ): Promise<VerifiedThere> {
    const { attempts } = this.#options;
    const origin = attempts.countOf(from);
    const waitMs = attempts.spend(origin);
    if (waitMs > 0) throw new RestRefusal('rate_limited', waitMs);
    const known = attempts.knownAs(from);
    const verified = await this.#passwords.verify(name, password, known).catch((error: unknown) => {
      // The attempt does not count as a guess, because it is unknown whether the password was correct.
      attempts.giveBack(origin);
      throw error;
    });
    if (verified === null) throw new RestRefusal(wrong);
    attempts.giveBack(origin);
    return { ...verified, origin, known };
  }
}
