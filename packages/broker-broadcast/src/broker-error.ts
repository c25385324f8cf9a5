const texts = {
  broker_closed: 'This broker is closed.',
  broker_unreachable: 'Could not connect to the message service',
  broker_away: 'The message service is unreachable.',
  key_too_short: 'The key of a broker must have at least 32 bytes.',
  broker_full: 'Too many publications are queued: the message service accepts them too slowly.',
  publication_too_long: 'The publication exceeds the maximum length.',
};

/**
 * An error of a broker (which carries publications between server nodes): the broker could not be created, a
 * publication was rejected, or a method was called after `close`. The other nodes detect a rejected publication as a
 * gap.
 */
export class BrokerError extends Error {
  readonly code: keyof typeof texts;
  constructor(code: keyof typeof texts, cause?: unknown) {
    super(cause === undefined ? texts[code] : `${texts[code]}: ${String(cause)}`, { cause });
    this.name = 'BrokerError';
    this.code = code;
  }
}
