import { type ControlRecord, decodeItemJson } from '@everywire/protocol/internal';
import type { Connect } from '../transport.js';
import { post } from './fetch-carrier.js';

/**
 * The browser's own EventSource. It can only GET, so the attach goes ahead by POST, and a single-use ticket, which holds that
 * attach, is all that stands in the address (SN-20).
 */
export const connect: Connect = (request, events) => {
  const abort = new AbortController();
  let source: EventSource | undefined;
  const close = (): void => {
    abort.abort();
    source?.close();
  };
  const follow = (ticket: string): void => {
    if (abort.signal.aborted) return;
    source = new EventSource(`${request.url}/event-stream?ticket=${encodeURIComponent(ticket)}`);
    source.onopen = () => events.onOpened();
    source.onmessage = ({ data }) => {
      if (!decodeItemJson(data, events)) return;
      close();
      events.onEnded(false, 'damaged');
    };
    // The browser would ask again with the spent ticket; a new attach needs new counts, so the machine does it.
    source.onerror = () => {
      close();
      events.onEnded(false);
    };
  };
  const onRecord = (record: ControlRecord): void => {
    if (record.t === 'ticket') {
      follow(record.ticket);
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
  void run();
  return { close };
};
