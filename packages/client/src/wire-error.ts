/**
 * What `send` throws; nothing was accepted. `buffer_full`: wait for `drain`, then send again. `message_too_big`: longer than
 * the server takes, it will never be accepted.
 */
export class WireError extends Error {
  readonly code: 'buffer_full' | 'message_too_big';

  constructor(code: 'buffer_full' | 'message_too_big') {
    super(code);
    this.code = code;
  }
}
