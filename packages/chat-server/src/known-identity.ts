import { randomBytes } from 'node:crypto';
import type { Accounts, Identity, User, UserChange } from '@everywire/chat';
import type { ChatServerLimits } from './limits.js';
import { isNameMisleading } from './name-script.js';
import { type NameLimits, parseDisplayName, parsePersonName } from './person-name.js';

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

/** The people who are known by an identity elsewhere: made at first sight, brought up to date at each. */
export class KnownIdentity {
  readonly #accounts: Accounts;
  readonly #limits: Limits;
  readonly #wallNow: () => number;

  constructor(accounts: Accounts, limits: Limits, wallNow: () => number) {
    this.#accounts = accounts;
    this.#limits = limits;
    this.#wallNow = wallNow;
  }

  /** `null` where no name could be found, which does not happen by chance. */
  async meet(identity: Identity, claims: Readonly<Record<string, unknown>>): Promise<User | null> {
    const said = identityOf(claims, this.#limits);
    const user = await this.#accounts.userOf(identity);
    return user === null ? this.#create(identity, said) : this.#update(user, said);
  }

  async #create(identity: Identity, { name, displayName, avatar }: IdentityClaims): Promise<User | null> {
    const wanted = name ?? (displayName === null ? null : parseClearName(displayName, this.#limits)) ?? 'person';
    const person = { displayName: displayName ?? wanted, passwordHash: null, avatar: avatar ?? '' };
    // The name as it was said, then with random signs behind it.
    for (let tries = 0; tries < this.#limits.nameTries; tries += 1) {
      // A name that is taken is somebody else's, whatever the issuer says.
      const free =
        tries === 0 && wanted !== 'person'
          ? wanted
          : `${[...wanted].slice(0, 20).join('')}-${randomBytes(4).toString('hex')}`;
      const user = await this.#accounts.createUserOf(identity, { ...person, name: free, createdAt: this.#wallNow() });
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
    const changed = await this.#accounts.changeUser(user.id, change);
    return changed.outcome === 'changed' ? changed.user : user;
  }
}

function parseClearName(text: string, limits: Limits): string | null {
  const name = parsePersonName(text, limits);
  return name === null || isNameMisleading(name) ? null : name;
}

function isPicture(text: string): boolean {
  return text.length <= avatarCharactersMax && URL.canParse(text) && new URL(text).protocol === 'https:';
}
