/** A plain-text mail. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Port (an interface that adapters implement) for sending mail. If `send` rejects, the mail was not sent; it is not retried. */
export interface Mailer {
  /** False if the operator reads all mail and passes it on. Mail for users without an address is then sent as well. */
  readonly needsAddress: boolean;
  send(mail: Mail): Promise<void>;
}

/** Breaks the dots of a user name, because mail programs turn names such as `www.example.org` into links. */
export function unlinked(name: string): string {
  return name.replaceAll('.', '[.]');
}
