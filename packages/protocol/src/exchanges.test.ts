import { describe, expect, it } from 'vitest';
import { Exchanges, type ExchangesIo } from './exchanges.js';
import type { TypedItems } from './typed-message.js';

/** One end's requests; what it sends is kept. */
function exchanges(io: Partial<ExchangesIo> = {}): { readonly end: Exchanges; readonly sent: TypedItems[] } {
  const sent: TypedItems[] = [];
  const end = new Exchanges(
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
  it('[SN-31.3] have ids that this end has not used before, also after replies and after a request was dropped', () => {
    const { end, sent } = exchanges();
    end.ask('one', 1_000, nothing)();
    end.ask('two', 1_000, nothing);
    end.take(['r', 2, 'reply']);
    end.ask('three', 1_000, nothing);
    expect(sent.map(([, id]) => id)).toEqual([1, 2, 3]);
  });

  it('[SN-31.7] replies with an id that was not asked, and messages of an unknown kind, change nothing', () => {
    const { end, sent } = exchanges();
    const outcomes: unknown[] = [];
    end.ask('one', 1_000, (outcome) => outcomes.push(outcome));
    end.take(['r', 7, 'for nobody']);
    end.take(['z', 1, 'of no kind']);
    expect(outcomes).toEqual([]);
    end.take(['r', 1, 'reply']);
    expect(outcomes).toEqual([{ reply: 'reply' }]);
    expect(sent).toHaveLength(1);
  });

  it('[SN-31.5] [SN-31.6] are refused without a handler and without data', () => {
    const { end, sent } = exchanges();
    end.take(['q', 1, 'asked']);
    end.take(['q', 2, ['no base64']]);
    expect(sent).toEqual([
      ['e', 1, 'no_handler'],
      ['e', 2, 'malformed'],
    ]);
  });
});
