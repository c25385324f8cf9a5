/** A person as lists and bubbles show them. */
export interface Person {
  readonly id: number;
  readonly name: string;
  readonly displayName: string;
  /** A status line; absent if empty. */
  readonly status?: string;
  /** Address of a picture, a path at the server (after `openFiles`) or an https address; absent for the generated one. */
  readonly avatar?: string;
  /** Absent for users with an account. */
  readonly guest?: true;
  /** Absent for active users. A deleted account has no `name`, and the `displayName` set by `ChatClient.nameDeleted`. */
  readonly state?: 'suspended' | 'deleted';
}
