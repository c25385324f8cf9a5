import type { Logger } from './logger.js';

/** Maximum mails that are being sent to the mail server. Further mails are dropped and logged. */
const UNDER_WAY_MAX = 100;

/**
 * Sends mails in the background, so that the timing of an answer does not reveal whether there was a mail to send. The
 * number of mails in transit is bounded.
 */
export class MailDispatch {
  readonly #log: Logger;
  #underWay = 0;

  constructor(log: Logger) {
    this.#log = log;
  }

  /**
   * Starts to send, and returns immediately. Logs one line, which begins with `what`, if `send` rejects or too many
   * mails are in transit.
   */
  send(what: string, send: () => Promise<void>): void {
    if (this.#underWay >= UNDER_WAY_MAX) {
      this.#log.warn(`${what} was not sent: too many mails are in transit.`);
      return;
    }
    this.#underWay += 1;
    send()
      .catch((error: unknown) => this.#log.error(`${what} could not be sent.`, error))
      .finally(() => {
        this.#underWay -= 1;
      });
  }
}
