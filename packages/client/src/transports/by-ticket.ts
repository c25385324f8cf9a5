import type { AttachRecord, ItemSink } from '@everywire/protocol/internal';
import type { AttemptFacts, Carrier, CarrierEvents, CarrierRequest } from '../transport.js';

/**
 * Receives the reports of one GET. A ticket is a single-use secret that stands for an attach whose content the server
 * already has. Reports after `onSpent` or `onEnded` are ignored.
 */
export interface TicketSink extends ItemSink {
  /** Reports that the response head arrived. */
  onOpened(): void;
  /** Reports that the ticket is no longer valid. */
  onSpent(): void;
  /** Reports the end of the response. `whole`: it was complete. */
  onEnded(whole: boolean, reason?: string): void;
}

/** Starts the GET with this query. @returns a function that ends it */
export type OpenByTicket = (query: string, sink: TicketSink) => () => void;

/**
 * Sends the request's attach, asks for a ticket for it, and passes the records of the answer to `sink`.
 *
 * @param onEnded called with whether the answer was complete and successful; with `cut` if the connection broke, and the details of a refusal
 * @returns a function that cancels the request
 */
export type AskTicket = (
  request: CarrierRequest,
  sink: ItemSink,
  onEnded: (whole: boolean | 'cut', facts?: AttemptFacts) => void,
) => () => void;

/** The ticket for the next GET of a session. The last response contained it (SN-20). */
let next: { readonly id: string; readonly ticket: string } | undefined;

/**
 * Starts a carrier on a transport that can only GET. `ask` sends the first attach by another way, and the address of
 * the first GET contains only the ticket for it. Each response brings the ticket for the next GET. The address of a
 * later GET also contains the attach number and the counts, which are not secret (SN-20).
 */
export function attachByTicket(
  request: CarrierRequest,
  events: CarrierEvents,
  ask: AskTicket,
  open: OpenByTicket,
): Carrier {
  const head = request.head as AttachRecord;
  let stop = (): void => undefined;
  let closed = false;
  const end = (whole: boolean, reason?: string, facts?: AttemptFacts): void => {
    closed = true;
    stop();
    events.onEnded(whole, reason, facts);
  };
  const begin = (query: string, again: (() => void) | undefined): void => {
    let opened = false;
    let over = false;
    const onOpened = (): void => {
      if (!opened) events.onOpened();
      opened = true;
    };
    const onEnded = (whole: boolean, reason?: string): void => {
      if (over || closed) return;
      over = true;
      end(whole, reason);
    };
    const onSpent = (): void => {
      if (!again) onEnded(false);
      if (over || closed) return;
      over = true;
      stop();
      again?.();
    };
    stop = open(query, {
      onOpened,
      onSpent,
      onEnded,
      onMessage: (message) => events.onMessage(message),
      onRecord: (record) => {
        // Ignores all records once closed: if the response belongs to another client, so does its ticket (SN-41).
        if (closed) return;
        if (record.t === 'refused' && record.code === 'ticket') onSpent();
        else if (record.t === 'ticket') next = { id: head.id, ticket: record.ticket };
        else {
          onOpened();
          events.onRecord(record);
        }
      },
    });
  };
  const first = (): void => {
    let ticket: string | undefined;
    const sink: ItemSink = {
      onMessage: () => undefined,
      onRecord: (record) => {
        if (record.t === 'ticket') ticket = record.ticket;
        else events.onRecord(record);
      },
    };
    stop = ask(request, sink, (whole, facts) => {
      if (closed) return;
      if (whole !== true) end(false, whole === false ? 'refused' : undefined, facts);
      else if (ticket === undefined) end(true);
      else begin(`ticket=${encodeURIComponent(ticket)}${queryOf({ prompt: head.prompt })}`, undefined);
    });
  };
  const kept = next && next.id === head.id ? next.ticket : undefined;
  next = undefined;
  // If the server does not accept the ticket any more, `first` requests a new one.
  if (kept) begin(`ticket=${encodeURIComponent(kept)}${countsIn(head)}`, first);
  else first();
  return {
    close: () => {
      closed = true;
      stop();
    },
  };
}

function countsIn(head: AttachRecord): string {
  const { n, instance, ack, received, seen, sent, sum, last, lastSum, want, resets, hidden, prompt } = head;
  return queryOf({ n, instance, ack, received, seen, sent, sum, last, lastSum, want, resets, hidden, prompt });
}

function queryOf(values: Readonly<Record<string, number | boolean | undefined>>): string {
  let query = '';
  for (const name in values) if (values[name] !== undefined) query += `&${name}=${values[name]}`;
  return query;
}
