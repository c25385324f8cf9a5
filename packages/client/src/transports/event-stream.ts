import { type AttachRecord, type ControlRecord, decodeItemJson, type ItemSink } from '@everywire/protocol/internal';
import type { Connect } from '../transport.js';
import { post } from './fetch-carrier.js';

/** The ticket for the next stream of a session, which came in the last one (SN-20). */
let next: { readonly id: string; readonly ticket: string } | undefined;

/**
 * The browser's own EventSource. It can only GET. The first time the attach goes ahead by POST, and a single-use ticket, which
 * holds that attach, is all that stands in the address; from then on each stream brings the ticket of the next, and beside it
 * stand the attach number and the counts, which are no secret (SN-20).
 */
export const connect: Connect = (request, events) => {
  const abort = new AbortController();
  const head = request.head as AttachRecord;
  let source: EventSource | undefined;
  const close = (): void => {
    abort.abort();
    source?.close();
  };
  const sink: ItemSink = {
    onMessage: (message) => events.onMessage(message),
    onRecord: (record) => {
      if (record.t === 'ticket') next = { id: head.id, ticket: record.ticket };
      else events.onRecord(record);
    },
  };
  const follow = (ticket: string, told: string, onRefused?: () => void): void => {
    if (abort.signal.aborted) return;
    let opened = false;
    source = new EventSource(`${request.url}/event-stream?ticket=${encodeURIComponent(ticket)}${told}`);
    source.onopen = () => {
      opened = true;
      events.onOpened();
    };
    source.onmessage = ({ data }) => {
      if (!decodeItemJson(data, sink)) return;
      close();
      events.onEnded(false, 'damaged');
    };
    // The browser would ask again with the spent ticket; a new attach needs new counts, so the machine does it.
    source.onerror = () => {
      source?.close();
      if (onRefused && !opened) {
        onRefused();
        return;
      }
      close();
      events.onEnded(false);
    };
  };
  const onRecord = (record: ControlRecord): void => {
    if (record.t === 'ticket') {
      follow(record.ticket, '');
      return;
    }
    events.onRecord(record);
    events.onEnded(true);
  };
  const run = async (): Promise<void> => {
    try {
      const response = await post(request, 'ticket', abort.signal);
      const wrong = !response.ok || decodeItemJson(await response.text(), { onRecord, onMessage: () => undefined });
      if (wrong) events.onEnded(false, 'refused');
    } catch {
      // The network, a truncated answer, or our own abort, after which nobody listens.
      events.onEnded(false);
    }
  };
  const kept = next?.id === head.id ? next : undefined;
  next = undefined;
  // It may be too old by now: then as at first.
  if (kept) follow(kept.ticket, countsIn(head), () => void run());
  else void run();
  return { close };
};

function countsIn(head: AttachRecord): string {
  const { n, ack, received, seen, sent, sum, last, resets, hidden } = head;
  const told = { n, ack, received, seen, sent, sum, last, resets, hidden };
  return Object.entries(told)
    .map(([name, value]) => (value === undefined ? '' : `&${name}=${value}`))
    .join('');
}
