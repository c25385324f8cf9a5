/**
 * The role of an account. A guest has only a display name and cannot sign in again. An administrator manages the
 * server.
 */
export type AccountRole = 'guest' | 'member' | 'administrator';

/**
 * State of an account. `suspended`: the user cannot sign in; all data is kept, and an administrator may reactivate the
 * account. `deleted`: irreversible; others see only that the account is deleted, in their language.
 */
export type AccountState = 'active' | 'suspended' | 'deleted';

/**
 * A registered user. `name` is the login name, which is unique (compared by `foldName`). `displayName` is the name that
 * others see.
 */
export interface User {
  readonly id: number;
  readonly name: string;
  readonly displayName: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly role: AccountRole;
  /** Never changes once `deleted`; `name`, `displayName`, `status` and `avatar` are then empty, and `role` is `member`. */
  readonly state: AccountState;
  /** A status line that the user wrote; may be empty. */
  readonly status: string;
  /** Address of a picture; empty for the generated one. */
  readonly avatar: string;
}

/** The public profile of a user. */
export interface Profile extends Pick<User, 'id' | 'name' | 'displayName'> {
  /** A status line that the user wrote; absent if empty. */
  readonly status?: string;
  /** Address of a picture: a path on this server, or an https address elsewhere; absent for the generated one. */
  readonly avatar?: string;
  /** Absent for users with an account. */
  readonly guest?: true;
  /**
   * Absent for active users. For a deleted account, `name` and `displayName` are empty, and clients must show a text in
   * the reader's language instead.
   */
  readonly state?: 'suspended' | 'deleted';
}

/** The data of a new account. */
export interface NewUser {
  readonly name: string;
  readonly displayName: string;
  /** Hash of the password; `null` if the user signs in by an external identity or a link and never by a password. */
  readonly passwordHash: string | null;
  readonly createdAt: number;
  /** Default `member`. */
  readonly role?: AccountRole;
  /** Default empty. */
  readonly email?: string;
  /** Default empty. */
  readonly avatar?: string;
}

/** The changeable fields of a user; absent ones stay. */
export type UserChange = Partial<
  Pick<User, 'name' | 'displayName' | 'role' | 'status' | 'avatar'> & {
    readonly passwordHash: string;
    /** The email address; empty for none. A changed address is not confirmed. */
    readonly email: string;
    /** Marks the address as confirmed, because the user has read mail that was sent to it. No-op without an address. */
    readonly emailConfirmed: true;
    /** Tokens signed by a host application are refused if they are older than this, in milliseconds since the epoch. */
    readonly signedOutAt: number;
  }
>;

/** Conditions that the account must meet when it is changed. Absent conditions are not checked. */
export interface ChangeCondition {
  readonly state?: 'active';
  readonly role?: AccountRole;
}

/**
 * The outcome of a change. `not_active`, `other_role`: the account does not meet the condition. `last_administrator`:
 * the last active administrator must not lose that role.
 */
export type ChangeOfUser =
  | { readonly outcome: 'changed'; readonly user: User }
  | { readonly outcome: 'not_found' | 'not_active' | 'other_role' | 'name_taken' | 'last_administrator' };

/**
 * The outcome of a suspension, reactivation or deletion. `not_found`: there is no such account, or it is deleted.
 * `last_administrator`: refused, because no one could reactivate accounts any more.
 */
export type ChangeOfState =
  | {
      readonly outcome: 'changed';
      readonly user: User;
      /** Ids of the sign-ins that the change ended. */
      readonly ended: readonly string[];
    }
  | { readonly outcome: 'not_found' | 'last_administrator' };

/** Whether the texts that a deleted account wrote to others stay or are recalled. */
export type TextsOfDeleted = 'keep' | 'remove';

/** A pending erasure of the data that a deleted account left in conversations. */
export interface Erasure {
  readonly user: number;
  readonly texts: TextsOfDeleted;
}

/** Data that only the user and the server know. */
export interface PrivateDetails {
  /** Empty if there is none. */
  readonly email: string;
  readonly emailConfirmed: boolean;
  readonly hasPassword: boolean;
  /** Tokens signed by a host application are refused if they are older than this, in ms since the epoch; 0: no limit. */
  readonly signedOutAt: number;
  /** When a sign-in of the user was last used, in milliseconds since the epoch, accurate to a minute; 0 if never. */
  readonly seenAt: number;
}

/** An external identity: the subject of a signed token, and its issuer. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
}
