/**
 * What went wrong, by a stable `code`; the message is the code too, the words are at `docs`. Thrown by `send`, when nothing was
 * accepted: `buffer_full`, wait for `drain`; `message_too_big`, it will never be accepted. Otherwise what a promise is rejected
 * with. A request handler that throws one answers with its code.
 */
export class WireError extends Error {
  declare readonly code: string;
  /** Where it was decided. */
  declare readonly side: 'client' | 'server';
  /** The transport in use then. */
  declare readonly transport: string | null;
  /** The message may have had an effect all the same. */
  declare readonly unknown: boolean;
  /** Its paragraph in this repository. */
  declare readonly docs: string;

  constructor(code: string, facts?: Partial<Pick<WireError, 'side' | 'transport' | 'unknown' | 'message' | 'cause'>>) {
    super(code);
    Object.assign(
      this,
      {
        name: 'WireError',
        code,
        side: 'client',
        transport: null,
        unknown: false,
        docs: `docs/guides/errors.md#${code}`,
      },
      facts,
    );
  }
}
