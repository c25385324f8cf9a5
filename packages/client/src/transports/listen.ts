/** An event target as standardised, or as in Internet Explorer before version 9 (`attachEvent`). */
interface Listened {
  addEventListener?(type: string, listener: (event: never) => void, capture: boolean): void;
  removeEventListener?(type: string, listener: (event: never) => void, capture: boolean): void;
  attachEvent?(type: string, listener: (event: never) => void): void;
  detachEvent?(type: string, listener: (event: never) => void): void;
}

/** Calls `listener` for each event of a type until the returned function is called. */
export function listen<E>(target: object, type: string, listener: (event: E) => void): () => void {
  const on: Listened = target;
  if (on.addEventListener) on.addEventListener(type, listener, false);
  else on.attachEvent?.(`on${type}`, listener);
  return () => {
    if (on.removeEventListener) on.removeEventListener(type, listener, false);
    else on.detachEvent?.(`on${type}`, listener);
  };
}
