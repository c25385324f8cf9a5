import { type ComponentType, type ReactNode, useEffect, useState } from 'react';

/** A component that is not part of the initial bundle. */
export interface LazyComponent<Props extends object> {
  /** Returns the component if it has been fetched, otherwise `null`. */
  ready(): ComponentType<Props> | null;
  fetch(): Promise<ComponentType<Props>>;
}

const all: LazyComponent<never>[] = [];
const RETRY_MS = 2_000;

/** Registers a component that is fetched on demand, or in the background by `prefetchLazyComponents`. */
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

/** Fetches all lazy components when the browser is idle, so that they are available offline. */
export function prefetchLazyComponents(): void {
  const fetchAll = () => {
    let asked = 0;
    const fetchNew = (): void => {
      const found = all.slice(asked);
      asked = all.length;
      // A fetched component may register further ones. A failure is ignored: `LazyPart` retries on demand.
      for (const component of found) component.fetch().then(fetchNew, () => undefined);
    };
    fetchNew();
  };
  if ('requestIdleCallback' in window) requestIdleCallback(fetchAll, { timeout: 5_000 });
  else setTimeout(fetchAll, RETRY_MS);
}
