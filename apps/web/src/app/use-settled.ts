import { useEffect, useState } from 'react';

/** Long enough to render a list that has just arrived, and too short to be missed. */
const SETTLED_MS = 200;

/** Returns true some time after `ready` has become true, for parts that need not compete with what the user waits for. */
export function useSettled(ready: boolean): boolean {
  const [settled, setSettled] = useState(false);
  useEffect(() => {
    if (!ready) return;
    const timer = setTimeout(() => setSettled(true), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [ready]);
  return settled;
}
