import type { FaultProxy } from '@everywire/testkit';
import type { NumberedServer } from '../../transports/numbered-server.js';

/** Milliseconds between two checks of the progress. A timer is needed, because no message may arrive during a fault. */
const LOOK_MS = 10;

/** One fault. */
interface Step {
  /** Begins when this many messages have arrived upstream. */
  readonly at: number;
  /** Injects the fault. Returns a function that ends it. */
  readonly begin: () => () => void;
  /** Returns whether the fault has had its effect, so that it can end. */
  readonly isOver: () => boolean;
}

/**
 * Injects the faults of `tests/transports/faults.test.ts` into one conversation of a page, one after another. Returns a
 * function for the end of the conversation. It returns how many faults were completed, and how many there are.
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
  const check = (): void => {
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
  const timer = setInterval(check, LOOK_MS);
  return () => {
    clearInterval(timer);
    return [lifted, steps.length];
  };
}
