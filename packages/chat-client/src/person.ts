/** A person as lists and bubbles show them. */
export interface Person {
  readonly id: number;
  readonly name: string;
  readonly displayName: string;
  /** A line about themselves; absent when nothing is said. */
  readonly status?: string;
  /** Address of a picture, a path at the server (after `openFiles`) or an https address; absent for the generated one. */
  readonly avatar?: string;
  /** Absent for everyone with an account. */
  readonly guest?: true;
  /** Absent for everyone who may sign in. A deleted account has no `name`, and the `displayName` that `ChatClient.nameDeleted` gave it. */
  readonly state?: 'suspended' | 'deleted';
}
