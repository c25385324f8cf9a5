/** What a person may do at a place. A guest has a name and no way to sign in again; an administrator runs the place. */
export type AccountRole = 'guest' | 'member' | 'administrator';

/** A known person. `name` is unique (case-folded, NFKC) and what one logs in with; `displayName` is what others see. */
export interface User {
  readonly id: number;
  readonly name: string;
  readonly displayName: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly role: AccountRole;
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
    /** Empty: none. */
    readonly email: string;
    /** Tokens signed by others before this are refused, milliseconds since the epoch. */
    readonly signedOutAt: number;
  }
>;

/** `last_administrator`: a place that has an administrator never loses the last one. */
export type ChangeOfUser =
  | { readonly outcome: 'changed'; readonly user: User }
  | { readonly outcome: 'not_found' | 'name_taken' | 'last_administrator' };

/** What only the person and the server know. */
export interface PrivateDetails {
  /** Empty: none. */
  readonly email: string;
  readonly hasPassword: boolean;
  /** 0: never. */
  readonly signedOutAt: number;
}

/** Who somebody is elsewhere: the subject of a signed token, under the issuer that vouches for it. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
}
