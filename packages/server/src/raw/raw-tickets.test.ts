import { expect, it } from 'vitest';
import { type RawGrant, RawTickets } from './raw-tickets.js';

// Tests `RawTickets`, the single-use keys that open raw links without a token in the address.

const grantOf = (subject: string, address: string): RawGrant => ({
  kind: 'event-stream',
  claims: { subject },
  topics: ['news'],
  address,
});

it('an address that requests too many tickets loses its own oldest ones, and no other address loses one', () => {
  const tickets = new RawTickets({ ticketMs: 1_000, ticketsMax: 4, rawResumeMs: 1_000 }, () => 0);
  const honest = tickets.issue(grantOf('ann', '192.0.2.1'));
  const many = Array.from({ length: 9 }, () => tickets.issue(grantOf('stranger', '192.0.2.2')));
  const held = [honest, ...many].filter((ticket) => tickets.spend(ticket, 'event-stream') !== null);
  expect(held).toEqual([honest, ...many.slice(-3)]);
});
