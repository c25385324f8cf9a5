import { type ComponentType, type ReactNode, useEffect, useState } from 'react';
import { mayPrefetch } from './may-prefetch.js';

/** A component that is not part of the initial bundle. */
export interface LazyComponent<Props extends object> {
  /** Returns the component if it has been fetched, otherwise `null`. */
  ready(): ComponentType<Props> | null;
  fetch(): Promise<ComponentType<Props>>;
}

const all: LazyComponent<never>[] = [];
const RETRY_MS = 2_000;

/** Registers a component that is fetched on demand, or in the background by `usePrefetch`. */
export function lazyComponent<Props extends object>(load: () => Promise<ComponentType<Props>>): LazyComponent<Props> {
  let fetched: ComponentType<Props> | null = null;
  const component: LazyComponent<Props> = {
    ready: () => fetched,
    fetch: async () => {
      fetched ??= await load();
      return fetched;
    },
  };
  all.push(component as LazyComponent<never>);
  return component;
}

interface LazyPartProps<Props extends object> {
  readonly of: LazyComponent<Props>;
  readonly props: Props;
  /** Rendered until the component has loaded. */
  readonly waiting?: ReactNode;
}

/** Renders a lazy component. Retries every two seconds while it cannot be fetched. */
export function LazyPart<Props extends object>({ of, props, waiting = null }: LazyPartProps<Props>): ReactNode {
  const [Component, setComponent] = useState<ComponentType<Props> | null>(() => of.ready());
  useEffect(() => {
    if (Component !== null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let dropped = false;
    const ask = () => {
      of.fetch().then(
        (fetched) => {
          if (!dropped) setComponent(() => fetched);
        },
        () => {
          if (!dropped) timer = setTimeout(ask, RETRY_MS);
        },
      );
    };
    ask();
    return () => {
      dropped = true;
      clearTimeout(timer);
    };
  }, [of, Component]);
  return Component === null ? waiting : <Component {...props} />;
}

/**
 * Fetches all lazy components when the browser is idle and its connection allows it, so that they are available offline.
 * Starts when the caller is `ready`, so that they do not compete with what the user waits for.
 */
export function usePrefetch(ready: boolean): void {
  useEffect(() => (ready ? prefetchWhenIdle() : undefined), [ready]);
}

/** Returns a function that cancels. */
function prefetchWhenIdle(): () => void {
  const fetchAll = () => {
    let asked = 0;
    const fetchNew = (): void => {
      if (!mayPrefetch()) return;
      const found = all.slice(asked);
      asked = all.length;
      // A fetched component may register further ones. A failure is ignored: `LazyPart` retries on demand.
      for (const component of found) component.fetch().then(fetchNew, () => undefined);
    };
    fetchNew();
  };
  if ('requestIdleCallback' in window) {
    const request = requestIdleCallback(fetchAll, { timeout: 5_000 });
    return () => cancelIdleCallback(request);
  }
  const timer = setTimeout(fetchAll, RETRY_MS);
  return () => clearTimeout(timer);
}
