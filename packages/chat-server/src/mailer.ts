/** One mail of plain text. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Port: how mail leaves. Rejects where it could not be handed on; then it is tried no further. */
export interface Mailer {
  /** False where what is sent is read by the operator: then people without an address get it as well. */
  readonly needsAddress: boolean;
  send(mail: Mail): Promise<void>;
}

/** A mail program makes links of names such as `www.example.org`; anybody can choose such a user name. */
export function unlinked(name: string): string {
  return name.replaceAll('.', '[.]');
}
