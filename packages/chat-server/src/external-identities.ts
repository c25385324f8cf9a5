import { randomBytes } from 'node:crypto';
import type { Accounts, ChangeOfUser, Identity, User, UserChange } from '@everywire/chat';
import type { Avatars } from './attachments/avatars.js';
import type { ChatServerLimits } from './limits.js';
import { isNameMisleading } from './name-script.js';
import { type NameLimits, parseDisplayName, parsePersonName } from './person-name.js';
import { isNameReserved } from './reserved-names.js';

/** The claims about a user that can be used here. `null`: absent or invalid. */
interface IdentityClaims {
  readonly name: string | null;
  readonly displayName: string | null;
  readonly avatar: string | null;
}

/** Maximum characters of a picture's address. */
const AVATAR_CHARACTERS_MAX = 1_000;

type Limits = NameLimits & Pick<ChatServerLimits, 'nameTries'>;

/** Reads the standard claims of OpenID Connect Core section 5.1. Treats a value that violates our rules as absent. */
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

/** Dependencies of `ExternalIdentities`. */
export interface ExternalIdentitiesOptions {
  readonly accounts: Accounts;
  /** `null` if files are disabled. */
  readonly avatars: Pick<Avatars, 'replace'> | null;
  readonly limits: Limits;
  /** Milliseconds since the epoch. */
  readonly wallNow: () => number;
}

/**
 * Maps external identities (users of an OpenID provider or of a host application) to accounts. Creates the account at the
 * first sign-in, and updates its name and picture at each later one.
 */
export class ExternalIdentities {
  readonly #options: ExternalIdentitiesOptions;

  constructor(options: ExternalIdentitiesOptions) {
    this.#options = options;
  }

  /**
   * Returns the account of an identity; `null` if no free name was found, which is practically impossible. Returns a
   * suspended or deleted account unchanged; the caller must refuse it.
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
    // Reserved names are treated like taken ones.
    const isFree = wanted !== 'person' && !isNameReserved(wanted, limits.reservedNames, 'anyone');
    // First tries the name as given, then with a random suffix.
    for (let tries = 0; tries < limits.nameTries; tries += 1) {
      // A taken name belongs to another user, whatever the issuer claims.
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
    // The account was suspended or deleted meanwhile. The caller refuses it.
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
  return text.length <= AVATAR_CHARACTERS_MAX && URL.canParse(text) && new URL(text).protocol === 'https:';
}
