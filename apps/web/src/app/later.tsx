import { type ComponentType, type ReactNode, useEffect, useState } from 'react';

/** A component that is not part of the first load. */
export interface LaterComponent<Props extends object> {
  /** The component, once it was fetched. */
  ready(): ComponentType<Props> | null;
  fetch(): Promise<ComponentType<Props>>;
}

const all: LaterComponent<never>[] = [];
const retryMs = 2_000;

export function later<Props extends object>(load: () => Promise<ComponentType<Props>>): LaterComponent<Props> {
  let fetched: ComponentType<Props> | null = null;
  const component: LaterComponent<Props> = {
    ready: () => fetched,
    fetch: async () => {
      fetched ??= await load();
      return fetched;
    },
  };
  all.push(component as LaterComponent<never>);
  return component;
}

interface LaterProps<Props extends object> {
  readonly of: LaterComponent<Props>;
  readonly props: Props;
  /** Shown until it is there. */
  readonly waiting?: ReactNode;
}

/** Shows such a component. Where it could not be fetched before the network was lost, it is asked for until it comes. */
export function Later<Props extends object>({ of, props, waiting = null }: LaterProps<Props>): ReactNode {
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
          if (!dropped) timer = setTimeout(ask, retryMs);
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

/** Fetches all that the first load left out, when the browser is idle, so that it is there when the network is not. */
export function fetchTheRest(): void {
  const fetchAll = () => {
    let asked = 0;
    const fetchNew = (): void => {
      const found = all.slice(asked);
      asked = all.length;
      // One that has come may have left out others. What cannot be fetched now is asked for again when it is wanted.
      for (const component of found) component.fetch().then(fetchNew, () => undefined);
    };
    fetchNew();
  };
  if ('requestIdleCallback' in window) requestIdleCallback(fetchAll, { timeout: 5_000 });
  else setTimeout(fetchAll, retryMs);
}
