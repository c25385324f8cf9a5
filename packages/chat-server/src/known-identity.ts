import { randomBytes } from 'node:crypto';
import type { Accounts, ChangeOfUser, Identity, User, UserChange } from '@everywire/chat';
import type { Avatars } from './attachments/avatars.js';
import type { ChatServerLimits } from './limits.js';
import { isNameMisleading } from './name-script.js';
import { type NameLimits, parseDisplayName, parsePersonName } from './person-name.js';
import { isNameReserved } from './reserved-names.js';

/** What an issuer says of somebody, as far as it can be used here. `null`: it does not say. */
interface IdentityClaims {
  readonly name: string | null;
  readonly displayName: string | null;
  readonly avatar: string | null;
}

/** An address that is longer is nobody's picture. */
const avatarCharactersMax = 1_000;

type Limits = NameLimits & Pick<ChatServerLimits, 'nameTries'>;

/** Reads the standard claims of OpenID Connect Core section 5.1. What breaks a rule of ours counts as not said. */
function identityOf(claims: Readonly<Record<string, unknown>>, limits: Limits): IdentityClaims {
  const text = (name: string): string | null => (typeof claims[name] === 'string' ? claims[name] : null);
  const picture = text('picture');
  const named = text('preferred_username') ?? text('nickname');
  const shown = text('name');
  return {
    name: named === null ? null : parseClearName(named, limits),
    displayName: shown === null ? null : parseDisplayName(shown, limits),
    avatar: picture !== null && isPicture(picture) ? picture : null,
  };
}

export interface KnownIdentityOptions {
  readonly accounts: Accounts;
  /** `null` where no files are taken. */
  readonly avatars: Pick<Avatars, 'replace'> | null;
  readonly limits: Limits;
  /** Milliseconds since the epoch. */
  readonly wallNow: () => number;
}

/** The people who are known by an identity elsewhere: made at first sight, brought up to date at each. */
export class KnownIdentity {
  readonly #options: KnownIdentityOptions;

  constructor(options: KnownIdentityOptions) {
    this.#options = options;
  }

  /**
   * `null` where no name could be found, which does not happen by chance. Somebody who is suspended or deleted is answered as they are: the caller refuses
   * them.
   */
  async meet(identity: Identity, claims: Readonly<Record<string, unknown>>): Promise<User | null> {
    const { accounts, limits, wallNow } = this.#options;
    const said = identityOf(claims, limits);
    const user = await accounts.userOf(identity);
    if (user !== null && user.state !== 'active') return user;
    const met = user === null ? await this.#create(identity, said) : await this.#update(user, said);
    if (met !== null) await accounts.noteSeen(met.id, wallNow());
    return met;
  }

  async #create(identity: Identity, { name, displayName, avatar }: IdentityClaims): Promise<User | null> {
    const { accounts, limits, wallNow } = this.#options;
    const wanted = name ?? (displayName === null ? null : parseClearName(displayName, limits)) ?? 'person';
    const person = { displayName: displayName ?? wanted, passwordHash: null, avatar: avatar ?? '' };
    // What stands for oneself, for everybody or for those who run the place is nobody's name, like one that is taken.
    const isFree = wanted !== 'person' && !isNameReserved(wanted, limits.reservedNames, 'anyone');
    // The name as it was said, then with random signs behind it.
    for (let tries = 0; tries < limits.nameTries; tries += 1) {
      // A name that is taken is somebody else's, whatever the issuer says.
      const free =
        tries === 0 && isFree ? wanted : `${[...wanted].slice(0, 20).join('')}-${randomBytes(4).toString('hex')}`;
      const user = await accounts.createUserOf(identity, { ...person, name: free, createdAt: wallNow() });
      if (user !== null) return user;
    }
    return null;
  }

  async #update(user: User, { displayName, avatar }: IdentityClaims): Promise<User> {
    const change: UserChange = {
      ...(displayName !== null && displayName !== user.displayName ? { displayName } : {}),
      ...(avatar !== null && avatar !== user.avatar ? { avatar } : {}),
    };
    if (Object.keys(change).length === 0) return user;
    const changed = await this.#change(user.id, change);
    if (changed.outcome === 'changed') return changed.user;
    // Suspended or deleted meanwhile: the caller refuses them as they are now.
    const [now = user] = await this.#options.accounts.users([user.id]);
    return now;
  }

  #change(user: number, change: UserChange): Promise<ChangeOfUser> {
    const { accounts, avatars } = this.#options;
    const { avatar } = change;
    if (avatar === undefined || avatars === null) return accounts.changeUser(user, change, { state: 'active' });
    return avatars.replace(user, { ...change, avatar }, { state: 'active' });
  }
}

function parseClearName(text: string, limits: Limits): string | null {
  const name = parsePersonName(text, limits);
  return name === null || isNameMisleading(name) ? null : name;
}

function isPicture(text: string): boolean {
  return text.length <= avatarCharactersMax && URL.canParse(text) && new URL(text).protocol === 'https:';
}
