import { describe, expect, it } from 'vitest';
import { type Asked, RequestLedger } from './request-ledger.js';

const entry = (conversation: number): Asked => ({ command: 'entry', conversation });

function connected(): RequestLedger {
  const ledger = new RequestLedger();
  ledger.connect();
  return ledger;
}

describe('RequestLedger', () => {
  it('asks each thing once at a time', () => {
    const ledger = connected();
    ledger.ask(entry(1));
    ledger.ask(entry(1));
    ledger.ask(entry(2));
    expect(ledger.takeOutgoing().map(({ request }) => request)).toEqual([entry(1), entry(2)]);
    expect(ledger.takeOutgoing()).toEqual([]);
    expect([ledger.isAsking(entry(1)), ledger.isAsking(entry(3))]).toEqual([true, false]);
  });

  it('says that a thing is to be asked again when it was wanted while under way', () => {
    const ledger = connected();
    ledger.ask(entry(1), { again: true, tick: 4 });
    ledger.ask(entry(1), { again: true, tick: 9 });
    const [{ token } = { token: 0 }] = ledger.takeOutgoing();
    expect(ledger.settle(token)).toMatchObject({ request: entry(1), tick: 4, again: true });
    expect(ledger.settle(token)).toBeNull();
    ledger.ask(entry(1), { again: true });
    const [{ token: second } = { token: 0 }] = ledger.takeOutgoing();
    expect(ledger.settle(second)).toMatchObject({ again: false });
  });

  it('keeps the questions of two scopes apart', () => {
    const ledger = connected();
    ledger.ask(entry(1), { scope: 'old' });
    ledger.ask(entry(1), { scope: 'new' });
    expect(ledger.takeOutgoing()).toHaveLength(2);
  });

  it('forgets everything with the connection, and asks nothing without one', () => {
    const ledger = connected();
    ledger.ask(entry(1));
    const [{ token } = { token: 0 }] = ledger.takeOutgoing();
    ledger.ask(entry(2));
    ledger.disconnect();
    ledger.ask(entry(3));
    expect([ledger.takeOutgoing(), ledger.settle(token), ledger.connected]).toEqual([[], null, false]);
    ledger.connect();
    ledger.ask(entry(1));
    expect(ledger.takeOutgoing().map((outgoing) => outgoing.token)).not.toContain(token);
  });
});
