import type { AttachRecord } from '@everywire/protocol/internal';
import { beforeEach, describe, expect, it } from 'vitest';
import { createTickets, type NextTicket, type Tickets } from './tickets.js';

// Tests tickets: random, short-lived, single-use replacements for a session id, for links that can only be opened with
// a GET. A ticket stands for an `attach` record; the query adds the current counts. Times are in milliseconds.

const attach: AttachRecord = {
  t: 'attach',
  id: 'a session',
  n: 1,
  instance: 5,
  ack: 0,
  received: 0,
  seen: 0,
  sent: 0,
  sum: 0,
};
/** An empty query. */
const nothing = { get: () => null };
const query = new URLSearchParams('n=2&ack=3&hidden=true');

let time: number;
let tickets: Tickets;
beforeEach(() => {
  time = 1_000;
  tickets = createTickets({ ticketsMax: 3, ticketMs: 100 }, () => time);
});

/** Issues the next ticket that an answer carries. It does not expire before that answer has ended. */
function next(): NextTicket {
  return tickets.issueNext(attach);
}

function spend(ticket: string): unknown {
  return tickets.spend(ticket, nothing);
}

describe('createTickets', () => {
  it('[TR-11.1] [TR-11.5] a ticket works once and takes the counts of its query', () => {
    const ticket = tickets.issue({ ...attach, extra: 'not kept' } as AttachRecord);
    expect(tickets.spend(ticket, query)).toEqual({ ...attach, n: 2, ack: 3, hidden: true });
    expect(spend(ticket)).toBeUndefined();
  });

  it('[TR-11.2] a ticket is prompt only if its query says so', () => {
    const promptAttach = { ...attach, prompt: true };
    expect(tickets.spend(tickets.issue(promptAttach), nothing)).not.toMatchObject({ prompt: true });
    expect(tickets.spend(tickets.issue(attach), new URLSearchParams('prompt=true'))).toMatchObject({ prompt: true });
  });

  it('[TR-11.1] [TR-11.4] a ticket expires after its time, and the next ticket of an answer after the end of that answer', () => {
    const [issued, nextTicket] = [tickets.issue(attach), next()];
    time += 99;
    const late = tickets.issue(attach);
    time += 1;
    expect(spend(issued)).toBeUndefined();
    tickets.ended(nextTicket);
    time += 99;
    expect(spend(late)).toBeUndefined();
    expect(spend(nextTicket.text)).toEqual(attach);
  });

  it('a spent ticket stays spent when the answer that brought it ends later', () => {
    const nextTicket = next();
    expect(spend(nextTicket.text)).toEqual(attach);
    tickets.ended(nextTicket);
    expect(spend(nextTicket.text)).toBeUndefined();
    const others = [tickets.issue(attach), tickets.issue(attach), tickets.issue(attach)];
    expect(others.map(spend)).toEqual([attach, attach, attach]);
  });

  it('[TR-11.3] the ticket whose answer ended first is dropped when there are too many', () => {
    const [first, second, third] = [next(), next(), next()];
    for (const ticket of [third, first, second]) {
      time += 1;
      tickets.ended(ticket);
    }
    tickets.issue(attach);
    expect(spend(third.text)).toBeUndefined();
    expect([first, second].map(({ text }) => spend(text))).toEqual([attach, attach]);
  });
});
