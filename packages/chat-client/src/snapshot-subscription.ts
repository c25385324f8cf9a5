type Subscribe = (listener: () => void) => () => void;

/** Wraps `subscribe` so that listeners are called only when the snapshot changed. */
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
