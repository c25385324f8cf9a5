import type { SendResult, ServerSession } from '@everywire/protocol/internal';
import { describe, expect, it } from 'vitest';
import { MessageMaker } from '../gathering/message-maker.js';
import { createTimerWheel } from '../timer-wheel.js';
import { type ExchangesHost, SessionExchanges } from './session-exchanges.js';

// Tests `SessionExchanges.refuse`: the application refuses a received message, and the sender gets the refusal as a
// message.

/** Creates a `SessionExchanges` whose session (`machine`) answers each `send` with `result`, and records the codes that ended the session. */
function sessionExchangesOf(result: SendResult) {
  const ends: string[] = [];
  const machine = {
    features: 'typed',
    flow: { outgoing: { sent: 1 } },
    send: () => result,
    want: () => undefined,
    fail: (code: string) => ends.push(code),
  } as unknown as ServerSession;
  const host = {
    maker: new MessageMaker(65_536, 1 << 20, () => Number.POSITIVE_INFINITY),
    wheel: createTimerWheel(50, () => 0),
    limits: { requestsMax: 64, requestTimeoutMs: 1_000 },
    onRequestFailed: () => undefined,
  } as unknown as ExchangesHost;
  const sessionExchanges = new SessionExchanges(host, { machine } as unknown as ConstructorParameters<
    typeof SessionExchanges
  >[1]);
  return { sessionExchanges, ends };
}

describe('SessionExchanges.refuse', () => {
  it('[SN-32.2] a refused message is settled only after its refusal was accepted', () => {
    for (const result of ['ok', 'above'] as const) {
      const { sessionExchanges, ends } = sessionExchangesOf(result);
      expect(sessionExchanges.refuse(1, 'no')).toBeInstanceOf(Promise);
      expect(ends).toEqual([]);
    }
  });

  it('[SN-32.4] a refused message ends its session with overflow if the refusal has no room', () => {
    const { sessionExchanges, ends } = sessionExchangesOf('full');
    sessionExchanges.refuse(1, 'no');
    expect(ends).toEqual(['overflow']);
  });

  it('[SN-32.5] a refused message is settled immediately while the session is closing', () => {
    const { sessionExchanges, ends } = sessionExchangesOf('closed');
    expect([sessionExchanges.refuse(1, 'no'), ends]).toEqual([undefined, []]);
  });
});
