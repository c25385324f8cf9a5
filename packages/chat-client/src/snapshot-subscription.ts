type Subscribe = (listener: () => void) => () => void;

/** Of all that `subscribe` tells of, what makes another snapshot: who listens is not called because a second has passed. */
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
