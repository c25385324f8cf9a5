import type { FaultProxy } from '@everywire/testkit';
import type { NumberedServer } from '../../transports/numbered-server.js';

/** Milliseconds between two looks at what has happened: while nothing gets through, no message tells. */
const LOOK_MS = 10;

interface Step {
  /** Begins when so many messages came up. */
  readonly at: number;
  /** @returns lifts it */
  readonly begin: () => () => void;
  readonly isOver: () => boolean;
}

/**
 * The faults of `tests/transports/faults.test.ts` on one conversation of a page, one after another.
 * @returns to be called when it is done: how many of them were begun and lifted, of how many
 */
export function throughEveryFault(proxy: FaultProxy, server: NumberedServer): () => readonly [number, number] {
  const { counters, inject } = proxy;
  let cuts = 0;
  let silenced = 0;
  let connections = 0;
  const none = (): void => undefined;
  const progress = (messages: number) => (): boolean => server.up.length >= messages;
  const steps: readonly Step[] = [
    {
      at: 20,
      begin: () => {
        cuts = counters.cuts;
        inject({ kind: 'cut', how: 'reset', afterBytes: 700, times: 2 });
        inject({ kind: 'cut', how: 'end', afterBytes: 300, times: 1 });
        return none;
      },
      isOver: () => counters.cuts >= cuts + 3,
    },
    {
      at: 50,
      begin: () => {
        const lift = inject({ kind: 'refuse' });
        proxy.cutNow('reset');
        return lift;
      },
      isOver: () => counters.refusals >= 2,
    },
    {
      at: 80,
      begin: () => {
        ({ silencedBytes: silenced, connections } = counters);
        return inject({ kind: 'silence' });
      },
      isOver: () => counters.silencedBytes > silenced && counters.connections > connections,
    },
    { at: 110, begin: () => inject({ kind: 'delay', ms: 30 }), isOver: progress(130) },
    { at: 140, begin: () => inject({ kind: 'dribble', bytes: 61 }), isOver: progress(170) },
  ];
  let begun = 0;
  let lifted = 0;
  let lift = none;
  const look = (): void => {
    const step = steps[lifted];
    if (step === undefined) return;
    if (begun === lifted) {
      if (server.up.length < step.at) return;
      begun += 1;
      lift = step.begin();
    } else if (step.isOver()) {
      lifted += 1;
      lift();
    }
  };
  const timer = setInterval(look, LOOK_MS);
  return () => {
    clearInterval(timer);
    return [lifted, steps.length];
  };
}
