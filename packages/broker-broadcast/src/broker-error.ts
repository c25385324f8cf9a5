const texts = {
  broker_closed: 'This broker is closed.',
  broker_unreachable: 'The service that carries publications could not be reached',
  broker_away: 'The service that carries publications cannot be reached.',
  broker_full: 'More publications wait than may: the service takes them too slowly.',
  publication_too_long: 'The publication is longer than a broker carries.',
};

/** A broker could not be made, a publication was not accepted, or a call came after `close`. What is not accepted shows as a gap at the other nodes. */
export class BrokerError extends Error {
  readonly code: keyof typeof texts;
  constructor(code: keyof typeof texts, cause?: unknown) {
    super(cause === undefined ? texts[code] : `${texts[code]}: ${String(cause)}`, { cause });
    this.name = 'BrokerError';
    this.code = code;
  }
}
