import { expect, it } from 'vitest';
import { attached, createRecorder, createRequest } from '../test-kit/recorder.js';
import type { Carrier } from '../transport.js';
import { attachByTicket, type OpenByTicket } from './by-ticket.js';

// Tests `attachByTicket`. A ticket is a random, single-use replacement for a session id, for links that can only be
// opened with a GET. Each answer brings the ticket for the next link.

it('[SN-41.3] a ticket after the head of another client, for which the session closed the carrier, is not kept', () => {
  const queries: string[] = [];
  const open: OpenByTicket = (query, sink) => {
    queries.push(query);
    sink.onRecord({ ...attached, instance: 2 });
    sink.onRecord({ t: 'ticket', ticket: 'of-another-client' });
    return () => undefined;
  };
  const ask = (...[, sink, onEnded]: Parameters<Parameters<typeof attachByTicket>[2]>): (() => void) => {
    sink.onRecord({ t: 'ticket', ticket: 'asked' });
    queueMicrotask(() => onEnded(true));
    return () => undefined;
  };
  const attach = (): Promise<void> =>
    new Promise((resolve) => {
      const recorder = createRecorder();
      const carrier: Carrier = attachByTicket(
        createRequest('http://test/x'),
        // As the session does with records for others.
        { ...recorder, onRecord: () => carrier.close() },
        ask,
        (query, sink) => {
          const stop = open(query, sink);
          resolve();
          return stop;
        },
      );
    });
  return attach()
    .then(attach)
    .then(() => expect(queries.every((query) => query.startsWith('ticket=asked'))).toBe(true));
});
