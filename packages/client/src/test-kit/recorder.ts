import { type ClientRecord, messageFromText } from '@everywire/protocol/internal';
import type { CarrierEvents, CarrierRequest } from '../transport.js';

/**
 * Records the reports of a carrier (an object that transmits records and messages over one connection or request) as
 * texts that tests compare.
 */
export interface Recorder extends CarrierEvents {
  readonly seen: string[];
  /** Resolves when the carrier has ended. */
  readonly ended: Promise<void>;
}

/** Creates a recorder of a carrier's reports. */
export function createRecorder(): Recorder {
  const seen: string[] = [];
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return {
    seen,
    ended,
    onOpened: (headed) => seen.push(headed ? 'opened with its head' : 'opened'),
    onRecord: (record) => seen.push(`record ${record.t}`),
    onMessage: (message) => seen.push(message.binary ? `binary ${message.bytes.join(' ')}` : `text ${message.text}`),
    onEnded: (whole, reason) => {
      seen.push(`ended ${whole ? 'whole' : 'broken'}${reason ? ` ${reason}` : ''}`);
      end();
    },
  };
}

/** Counts of a session without messages. */
export const counts = { ack: 0, received: 0, seen: 0, sent: 0, sum: 0 };

/** An attach record. */
export const attach: ClientRecord = { t: 'attach', id: 'secret', n: 1, instance: 1, ...counts };

/** The answer to `attach`. */
export const attached = { t: 'attached', first: 1, ...counts, n: 1, instance: 1 } as const;

/** Creates a request to a prefix, with an attach and one message. */
export function createRequest(url: string, fetch: typeof globalThis.fetch = globalThis.fetch): CarrierRequest {
  return { url, head: attach, messages: [messageFromText('up')], fetch, messageBytesMax: 100 };
}
