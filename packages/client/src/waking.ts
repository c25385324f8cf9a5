import { networkHint } from './network-memory.js';
import { listen } from './transports/listen.js';

/** Events of the page's life cycle and of the device's network (SN-15). */
export interface WakingEvents {
  /** The page is shown again, possibly from the browser's page cache, or resumed. */
  onShow(): void;
  /** The device is online, or on another network. */
  onNetwork(): void;
  /** The browser reports that it is offline. Called every second until it is online. */
  onOffline(): void;
  /** The page was hidden or shown. */
  onVisibility(hidden: boolean): void;
  /** The user leaves the page. `kept`: the browser may keep the page in its cache, so that it can return. */
  onLeave(kept: boolean): void;
}

/** Milliseconds between two calls of `onOffline`: what a loss is noticed later if the answer to the first probe was in transit. */
const OFFLINE_MS = 1_000;

/** Reports events until the returned function is called. Without a page (for example in Node), there are no events. */
export function listenForWaking(events: WakingEvents): () => void {
  const { document, navigator } = globalThis;
  let offline: ReturnType<typeof setInterval> | undefined;
  const endOffline = (): void => clearInterval(offline);
  const onOffline = (): void => {
    endOffline();
    offline = setInterval(events.onOffline, OFFLINE_MS);
    events.onOffline();
  };
  // The event also fires for every change of the estimated speed. Only another type means another network.
  let hint = networkHint();
  const onConnection = (): void => {
    const before = hint;
    hint = networkHint();
    if (hint !== before) events.onNetwork();
  };
  const { connection } = (navigator ?? {}) as { readonly connection?: object };
  // Without an AbortSignal, because jsdom refuses the one of Node, which test environments combine with it.
  const stops = [
    listen(globalThis, 'pageshow', events.onShow),
    listen(globalThis, 'online', events.onNetwork),
    listen(globalThis, 'pagehide', ({ persisted }: PageTransitionEvent) => events.onLeave(persisted)),
    listen(globalThis, 'offline', onOffline),
    listen(globalThis, 'online', endOffline),
    listen(document ?? {}, 'resume', events.onShow),
    listen(document ?? {}, 'visibilitychange', () => events.onVisibility(document.hidden)),
    listen(connection ?? {}, 'change', onConnection),
  ];
  return () => {
    endOffline();
    for (const stop of stops) stop();
  };
}
