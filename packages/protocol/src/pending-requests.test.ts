import { describe, expect, it } from 'vitest';
import { type ExchangesIo, PendingRequests } from './pending-requests.js';
import type { TypedItems } from './typed-message.js';

// Tests `PendingRequests`, the requests and replies of one end of a session. Typed messages: `q` is a request, `r` a
// reply, `e` an error; the second item is the id of the request.

/** Creates one end's requests and records what it sends. */
function exchanges(io: Partial<ExchangesIo> = {}): { readonly end: PendingRequests; readonly sent: TypedItems[] } {
  const sent: TypedItems[] = [];
  const end = new PendingRequests(
    {
      put: (items) => {
        sent.push(items);
        return 'ok';
      },
      answer: () => null,
      later: () => () => undefined,
      overflow: () => undefined,
      ...io,
    },
    2,
  );
  return { end, sent };
}

const nothing = (): void => undefined;

describe('requests', () => {
  it('[SN-31.3] each request has an id that its end never used before, even after a reply or an abandoned request', () => {
    const { end, sent } = exchanges();
    end.ask('one', 1_000, nothing)();
    end.ask('two', 1_000, nothing);
    end.take(['r', 2, 'reply']);
    end.ask('three', 1_000, nothing);
    expect(sent.map(([, id]) => id)).toEqual([1, 2, 3]);
  });

  it('[SN-31.7] replies with an unknown id and typed messages of an unknown kind are ignored', () => {
    const { end, sent } = exchanges();
    const outcomes: unknown[] = [];
    end.ask('one', 1_000, (outcome) => outcomes.push(outcome));
    end.take(['r', 7, 'to no request']);
    end.take(['z', 1, 'of no kind']);
    expect(outcomes).toEqual([]);
    end.take(['r', 1, 'reply']);
    expect(outcomes).toEqual([{ reply: 'reply' }]);
    expect(sent).toHaveLength(1);
  });

  it('[SN-31.5] [SN-31.6] requests without a handler or without valid data are refused', () => {
    const { end, sent } = exchanges();
    end.take(['q', 1, 'asked']);
    end.take(['q', 2, ['no base64']]);
    expect(sent).toEqual([
      ['e', 1, 'no_handler'],
      ['e', 2, 'malformed'],
    ]);
  });
});
