import { randomUUID } from 'node:crypto';
import type { Accounts, Credential, NewUser, RevokedCredentials, User } from '@everywire/chat';
import { foldName } from '@everywire/chat/internal';
import { hashBearerToken, isOwnToken, mintBearerToken } from './bearer-token.js';
import type { DeviceSecrets } from './device-secrets.js';
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

export interface LogIn {
  readonly name: string;
  readonly password: string;
  readonly label?: string;
  /** Of the second factor. */
  readonly code?: string;
  /** Secrets that this device was given (`DeviceSecrets`); at most one of them is of this person. */
  readonly devices?: readonly string[];
}

export interface SignInOptions extends PasswordCheckOptions {
  readonly accounts: Accounts;
  readonly attempts: SignInAttempts;
  readonly deviceSecrets: DeviceSecrets;
  readonly registration: Registration;
  readonly secondFactor: SecondFactorCheck;
  readonly limits: NameLimits & Pick<ChatServerLimits, 'passwordCharactersMin' | 'passwordCharactersMax'>;
  /** Milliseconds since the epoch. */
  readonly wallNow: () => number;
  /** As of when sign-ins are judged unused. */
  readonly usedNow: () => number;
  /** By which the tokens that others sign are judged. */
  readonly systemNow: () => number;
  /** Until when tokens of a host application that it has signed by now may be dated: its clock may be ahead of ours. */
  readonly signedUntil: () => number;
  /** Who a token is of that somebody else signed. Absent: no such token is accepted. */
  readonly authenticateSigned?: (token: string) => Promise<Caller | null>;
  /** Ends the sessions and requests that live by what has just ended. */
  readonly onEnded: (ended: EndedAccess) => void;
}

/**
 * Registering, logging in and out. Every expected refusal is a thrown `RestRefusal`; nothing is changed then. Neither answer
 * nor time tells an unknown name from a wrong password.
 */
export class SignIn {
  readonly #options: SignInOptions;
  readonly #passwords: PasswordCheck;

  constructor(options: SignInOptions) {
    this.#options = options;
    this.#passwords = new PasswordCheck(options);
  }

  async register(request: NewAccount & { readonly label?: string }): Promise<SignedIn> {
    const { accounts, registration } = this.#options;
    await registration.require(false);
    const person = await this.newUser(request);
    // A password may wait in line to be hashed, and an administrator close the place meanwhile.
    await registration.require(false);
    const user = await accounts.createUser(person);
    if (user === null) throw new RestRefusal('name_taken');
    return this.issue(user, request.label);
  }

  /** A person who may be made, with the password hashed; refuses what breaks the rules of names and passwords. */
  async newUser(request: NewAccount, by?: NameChooser): Promise<Omit<NewUser, 'role'>> {
    const { limits } = this.#options;
    const names = parseNewNames({ name: request.name, displayName: request.displayName ?? request.name }, limits, by);
    const email = parseEmail(request.email ?? '');
    if (email === null) throw new RestRefusal('email_invalid');
    const passwordHash = await this.hashPassword(request.password);
    return { ...names, email, passwordHash, createdAt: this.#options.wallNow() };
  }

  /** `address` is the key of where the request came from. */
  async logIn(request: LogIn, address: string): Promise<SignedIn> {
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
      // Another password was set meanwhile, or the same one hashed at another cost by a log-in beside this one.
      (await this.#issueTo(await this.#passwords.verify(name, password, verified.known), request.label));
    if (signedIn === null) throw new RestRefusal('credentials_wrong');
    this.recognize(verified.user, signedIn.passwordHash, address);
    return signedIn.made;
  }

  /** The secret of the device that this sign-in is on (`DeviceSecrets`); `null` for a person without a password. */
  async deviceSecret({ user, credential }: Caller): Promise<string | null> {
    const { accounts, deviceSecrets } = this.#options;
    const passwordHash = (await accounts.passwordHash(user.name))?.passwordHash ?? null;
    if (passwordHash === null || credential.id.startsWith(signedPrefix)) return null;
    return deviceSecrets.of(credential.id, user.id, passwordHash);
  }

  /** `null` for a token that is unknown, has ended or was revoked. */
  async authenticate(token: string | undefined): Promise<Caller | null> {
    if (token === undefined) return null;
    if (!isOwnToken(token)) return (await this.#options.authenticateSigned?.(token)) ?? null;
    return this.authenticateHash(hashBearerToken(token));
  }

  /** By the hash of a token, which is enough to read files with and for nothing else. */
  authenticateHash(hash: string): Promise<Caller | null> {
    const { accounts, wallNow, usedNow } = this.#options;
    return accounts.useCredential(hash, wallNow(), usedNow());
  }

  /** Who a token is of that somebody else signed and that was accepted before; `null` once it has run out, or its person has signed out. */
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
   * Ends this sign-in, or all of the person's. Their sessions end within the second. A token that others signed ends with all that are dated until it and until
   * now; `everywhere` ends also those dated ahead, as far as clocks may differ, so that one signed right afterwards may be refused.
   */
  async logOut(caller: Caller, everywhere: boolean): Promise<void> {
    const signed = caller.credential.id.startsWith(signedPrefix);
    const { systemNow, signedUntil } = this.#options;
    const until = everywhere ? signedUntil() : systemNow();
    if (signed || everywhere)
      await this.#endSigned(caller.user.id, Math.max(until, signed ? caller.credential.createdAt : 0));
    if (!signed || everywhere) await this.end(caller.user.id, everywhere ? 'all' : [caller.credential.id]);
  }

  /** Tokens that others signed cannot be revoked one by one: refuses all that are dated until `until`, and ends their sessions. */
  async #endSigned(user: number, until: number): Promise<void> {
    const { accounts, onEnded } = this.#options;
    // Of a suspended account no token is good, and this must not move its time back.
    await accounts.changeUser(user, { signedOutAt: until }, { state: 'active' });
    onEnded({ of: 'signed', user, until });
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
    const { passwordHash: was, known } = await this.confirmPassword(caller, current, address);
    const passwordHash = await this.hashPassword(next, known);
    const changed = await accounts.setPasswordHash(caller.user.id, passwordHash, was);
    if (!changed) {
      await refuseInactive(accounts, caller.user.id);
      // What was confirmed stands no more: asked again, it is confirmed again.
      throw new RestRefusal('busy', 1_000);
    }
    this.recognize(caller.user, passwordHash, address);
    await this.endOthers(caller);
  }

  /** The person has just proven who they are, from there: guesses of strangers do not keep them from signing in there by this password. */
  recognize({ name }: Pick<User, 'name'>, passwordHash: string, address: string): void {
    this.#options.attempts.signedIn({ name: foldName(name), address }, passwordHash);
  }

  /** Ends every sign-in of the person but this one. */
  async endOthers(caller: Caller): Promise<void> {
    await this.end(caller.user.id, { allBut: caller.credential.id });
  }

  /** Ends sign-ins of a person, and their sessions within the second. Answers how many there were. */
  async end(user: number, ids: RevokedCredentials): Promise<number> {
    const ended = await this.#options.accounts.revokeCredentials(user, ids);
    this.#options.onEnded({ of: 'credentials', ids: ended });
    return ended.length;
  }

  /** Before what a stolen token must not do: the password again, with attempts counted as at a log-in. */
  async confirmPassword({ user, credential }: Caller, password: string, address: string): Promise<VerifiedThere> {
    const details = await this.#options.accounts.privateDetails(user.id);
    if (details?.hasPassword === false) throw new RestRefusal('password_missing');
    // The sign-in proves whose device it is.
    const from = { name: foldName(user.name), address, device: credential.id, passwordHash: null };
    return this.#attempt(user.name, password, from, 'password_wrong');
  }

  /** `known` as of `PasswordHasher`. */
  async hashPassword(password: string, known: string | null = null): Promise<string> {
    this.#checkNew(password);
    const hashed = await this.#options.hasher.hash(password, known);
    if (hashed === 'busy') throw new RestRefusal('busy', 1_000);
    return hashed;
  }

  /** Signs a person in on a device, by something other than their password. Refuses one who is suspended. */
  async issue(user: User, label: string | undefined): Promise<SignedIn> {
    const made = await this.#make(user, label);
    if (made === null) throw new RestRefusal('suspended');
    return made;
  }

  /** Signs a person in by their password; `null` where another one stands by now: a new password ends what came before it. */
  async #issueTo(
    verified: Verified | null,
    label: string | undefined,
  ): Promise<{ readonly made: SignedIn; readonly passwordHash: string } | null> {
    if (verified === null) return null;
    const { passwordHash } = verified;
    const made = await this.#make(verified.user, label, passwordHash);
    return made && { made, passwordHash };
  }

  /** Ends the sign-ins, and their sessions, that are one too many with this one. */
  async #make(user: User, label: string | undefined, passwordHash?: string): Promise<SignedIn | null> {
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
    const { attempts, wallNow } = this.#options;
    const origin = attempts.countOf(from);
    const waitMs = attempts.spend(origin, wallNow());
    if (waitMs > 0) throw new RestRefusal('rate_limited', waitMs);
    const known = attempts.knownAs(from);
    const verified = await this.#passwords.verify(name, password, known).catch((error: unknown) => {
      // It is not known whether the password was right: no guess.
      attempts.giveBack(origin);
      throw error;
    });
    if (verified === null) throw new RestRefusal(wrong);
    attempts.giveBack(origin);
    return { ...verified, origin, known };
  }
}
