import { reportFailure } from './listeners.js';
import type { RequestOptions, SendOptions, TransportName, WireClientOptions } from './wire-client.js';

/** All names of options of a client. */
export const OPTION_NAMES: Readonly<Record<keyof WireClientOptions, 1>> = {
  transports: 1,
  token: 1,
  tcp: 1,
  requestsMax: 1,
  shortPollMs: 1,
  fetch: 1,
  storage: 1,
};

/** All names of transports, also of those that another platform has. */
export const TRANSPORT_NAMES: Readonly<Record<TransportName, 1>> = {
  websocket: 1,
  tcp: 1,
  'flash-socket': 1,
  'event-stream': 1,
  'fetch-stream': 1,
  'multipart-stream': 1,
  'xhr-stream': 1,
  'iframe-stream': 1,
  'htmlfile-stream': 1,
  'xdr-stream': 1,
  'long-poll': 1,
  'xdr-poll': 1,
  'jsonp-poll': 1,
  'short-poll': 1,
};

/** The numbers among the options, with the highest value. */
const NUMBERS = { shortPollMs: 300_000, requestsMax: Number.MAX_SAFE_INTEGER } as const;

/** @throws RangeError for a number that the client cannot use */
export function checkNumbers(options: WireClientOptions): void {
  for (const name of ['shortPollMs', 'requestsMax'] as const) {
    const value = options[name] ?? 1;
    if (!Number.isSafeInteger(value) || value < 1 || value > NUMBERS[name])
      throw new RangeError(`${name}: must be a whole number from 1 to ${NUMBERS[name]}`);
  }
}

/** Reports options that the client cannot use. The first stage, which could throw, has no bytes left for the names. */
export function reportWrongOptions(options: WireClientOptions): void {
  for (const name in options) report(name, OPTION_NAMES);
  for (const name of options.transports ?? []) report(name, TRANSPORT_NAMES);
  try {
    checkNumbers(options);
  } catch (error) {
    reportFailure(error);
  }
}

function report(name: string, known: object): void {
  if (!(name in known)) reportFailure(new TypeError(`${name}: no such option or transport`));
}

/** Returns the options. @throws TypeError for an unknown name, or an unknown event to wait for */
export function checkSendOptions(options: SendOptions): SendOptions {
  const { until } = refuseUnknown(options, /^(until|signal)$/);
  if (until !== 'peer' && until !== 'server')
    throw new TypeError(`until: ${String(until)} is neither "server" nor "peer"`);
  return options;
}

/** Returns the options. @throws TypeError for an unknown name */
export function checkRequestOptions(options: RequestOptions = {}): RequestOptions {
  return refuseUnknown(options, /^(timeoutMs|signal)$/);
}

function refuseUnknown<Options extends object>(options: Options, names: RegExp): Options {
  for (const name in options) if (!names.test(name)) throw new TypeError(`${name}: no such option`);
  return options;
}
