type Subscribe = (listener: () => void) => () => void;

/** Wraps `subscribe` so that it calls listeners only when `getSnapshot` returns another value than before. */
export function snapshotSubscription(subscribe: Subscribe, getSnapshot: () => unknown): Subscribe {
  return (listener) => {
    let seen = getSnapshot();
    return subscribe(() => {
      const now = getSnapshot();
      if (now === seen) return;
      seen = now;
      listener();
    });
  };
}
