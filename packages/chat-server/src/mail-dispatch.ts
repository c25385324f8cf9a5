import type { Log } from './log.js';

/** Mails on their way to the mail server; further ones are dropped and logged. */
const underWayMax = 100;

/** Sends mails after the requests that asked for them are answered, so that no answer says by its time whether there was anything to send. Bounded. */
export class MailDispatch {
  readonly #log: Log;
  #underWay = 0;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Returns at once. Where `send` rejects, or too many are under way, that is one line of the log; `what` begins its sentence. */
  send(what: string, send: () => Promise<void>): void {
    if (this.#underWay >= underWayMax) {
      this.#log.warn(`${what} was not sent: too many mails are on their way.`);
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
