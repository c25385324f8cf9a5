const texts = {
  broker_closed: 'This broker is closed.',
  broker_unreachable: 'Could not connect to the message service',
  broker_away: 'The message service is unreachable.',
  broker_full: 'Too many publications are queued: the message service accepts them too slowly.',
  publication_too_long: 'The publication exceeds the maximum length.',
};

/** A broker could not be created, a publication was rejected, or a call came after `close`. A rejected publication shows as a gap on the other nodes. */
export class BrokerError extends Error {
  readonly code: keyof typeof texts;
  constructor(code: keyof typeof texts, cause?: unknown) {
    super(cause === undefined ? texts[code] : `${texts[code]}: ${String(cause)}`, { cause });
    this.name = 'BrokerError';
    this.code = code;
  }
}
