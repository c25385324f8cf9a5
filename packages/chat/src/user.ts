/** What a person may do at a place. A guest has a name and no way to sign in again; an administrator runs the place. */
export type AccountRole = 'guest' | 'member' | 'administrator';

/**
 * Whether a person may come in. `suspended`: nobody can sign in as them, everything of theirs is kept, and an administrator may reactivate them.
 * `deleted`: for good; what others see of them is this state alone, in words of the reader's language.
 */
export type AccountState = 'active' | 'suspended' | 'deleted';

/** A known person. `name` is unique (case-folded, NFKC) and what one logs in with; `displayName` is what others see. */
export interface User {
  readonly id: number;
  readonly name: string;
  readonly displayName: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly role: AccountRole;
  /** Once `deleted`, always; `name`, `displayName`, `status` and `avatar` are empty then, and `role` is `member`. */
  readonly state: AccountState;
  /** A line about oneself; empty when nothing is said. */
  readonly status: string;
  /** Address of a picture; empty for the generated one. */
  readonly avatar: string;
}

/** A person as others may see them. */
export interface Profile extends Pick<User, 'id' | 'name' | 'displayName'> {
  /** A line about themselves; absent when nothing is said. */
  readonly status?: string;
  /** Address of a picture: a path at this server, or an https address elsewhere; absent for the generated one. */
  readonly avatar?: string;
  /** Absent for everyone with an account. */
  readonly guest?: true;
  /** Absent for everyone who may sign in. Of a deleted account `name` and `displayName` are empty: show words of the reader's language. */
  readonly state?: 'suspended' | 'deleted';
}

export interface NewUser {
  readonly name: string;
  readonly displayName: string;
  /** `null`: signs in by an identity or a link, never by a password. */
  readonly passwordHash: string | null;
  readonly createdAt: number;
  /** Default `member`. */
  readonly role?: AccountRole;
  /** Default empty. */
  readonly email?: string;
  /** Default empty. */
  readonly avatar?: string;
}

/** What may be changed of a person; what is absent stays. */
export type UserChange = Partial<
  Pick<User, 'name' | 'displayName' | 'role' | 'status' | 'avatar'> & {
    readonly passwordHash: string;
    /** Empty: none. One that differs is not confirmed. */
    readonly email: string;
    /** The person has proven to read what is sent to the address; does nothing where there is none. */
    readonly emailConfirmed: true;
    /** Tokens signed by others before this are refused, milliseconds since the epoch. */
    readonly signedOutAt: number;
  }
>;

/** What must hold of the account in the step that changes it; what is absent is not asked. */
export interface ChangeCondition {
  readonly state?: 'active';
  readonly role?: AccountRole;
}

/**
 * `not_active`, `other_role`: the condition does not hold (any more). `last_administrator`: a place that has an administrator never loses the last one.
 */
export type ChangeOfUser =
  | { readonly outcome: 'changed'; readonly user: User }
  | { readonly outcome: 'not_found' | 'not_active' | 'other_role' | 'name_taken' | 'last_administrator' };

/**
 * What became of a suspension, a reactivation or a deletion. `not_found`: there is no such account, or it is deleted. `last_administrator`: nobody would be
 * left who may reactivate anybody.
 */
export type ChangeOfState =
  | {
      readonly outcome: 'changed';
      readonly user: User;
      /** Ids of the sign-ins that ended with it. */
      readonly ended: readonly string[];
    }
  | { readonly outcome: 'not_found' | 'last_administrator' };

/** What becomes of the texts that a deleted account wrote to others: they stay, or are recalled. */
export type TextsOfDeleted = 'keep' | 'remove';

/** What a deleted account left in conversations and is not through with yet. */
export interface Erasure {
  readonly user: number;
  readonly texts: TextsOfDeleted;
}

/** What only the person and the server know. */
export interface PrivateDetails {
  /** Empty: none. */
  readonly email: string;
  readonly emailConfirmed: boolean;
  readonly hasPassword: boolean;
  /** 0: never. */
  readonly signedOutAt: number;
  /** When a sign-in of the person was used last, milliseconds since the epoch, to the minute; 0: never. */
  readonly seenAt: number;
}

/** Who somebody is elsewhere: the subject of a signed token, under the issuer that vouches for it. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
}
