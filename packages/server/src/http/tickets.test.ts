import type { AttachRecord } from '@everywire/protocol/internal';
import { beforeEach, describe, expect, it } from 'vitest';
import { createTickets, type NextTicket, type Tickets } from './tickets.js';

const attach: AttachRecord = {
  ...{ t: 'attach', id: 'a session', n: 1, instance: 5 },
  ...{ ack: 0, received: 0, seen: 0, sent: 0, sum: 0 },
};
const nothing = { get: () => null };
const told = new URLSearchParams('n=2&ack=3&hidden=true');

let time: number;
let tickets: Tickets;
beforeEach(() => {
  time = 1_000;
  tickets = createTickets({ ticketsMax: 3, ticketMs: 100 }, () => time);
});

function next(): NextTicket {
  return tickets.issueNext(attach);
}

function spend(ticket: string): unknown {
  return tickets.spend(ticket, nothing);
}

describe('tickets', () => {
  it('[TR-11.1] [TR-11.5] are good once, with what is told besides', () => {
    const ticket = tickets.issue({ ...attach, extra: 'not kept' } as AttachRecord);
    expect(tickets.spend(ticket, told)).toEqual({ ...attach, n: 2, ack: 3, hidden: true });
    expect(spend(ticket)).toBeUndefined();
  });

  it('[TR-11.2] are prompt only where the address says so', () => {
    const asked = { ...attach, prompt: true };
    expect(tickets.spend(tickets.issue(asked), nothing)).not.toMatchObject({ prompt: true });
    expect(tickets.spend(tickets.issue(attach), new URLSearchParams('prompt=true'))).toMatchObject({ prompt: true });
  });

  it('[TR-11.1] [TR-11.4] are good for their time, and those of an answer under way from its end on', () => {
    const [issued, standing] = [tickets.issue(attach), next()];
    time += 99;
    const late = tickets.issue(attach);
    time += 1;
    expect(spend(issued)).toBeUndefined();
    tickets.ended(standing);
    time += 99;
    expect(spend(late)).toBeUndefined();
    expect(spend(standing.text)).toEqual(attach);
  });

  it('stay spent when the answer that brought them ends after that', () => {
    const standing = next();
    expect(spend(standing.text)).toEqual(attach);
    tickets.ended(standing);
    expect(spend(standing.text)).toBeUndefined();
    const others = [tickets.issue(attach), tickets.issue(attach), tickets.issue(attach)];
    expect(others.map(spend)).toEqual([attach, attach, attach]);
  });

  it('[TR-11.3] make room for newer ones, the oldest by the end of its answer first', () => {
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
