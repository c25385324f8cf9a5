import { networkHint } from './network-memory.js';

/** What a page hears of its own life, and of the device's and the network's (SN-15). */
export interface WakingEvents {
  /** Shown again, perhaps out of the browser's cache of pages, or thawed. */
  onShow(): void;
  /** A network came, or another one. */
  onNetwork(): void;
  /** The browser believes that there is no network any more; again every two seconds for as long as it does. */
  onOffline(): void;
  onVisibility(hidden: boolean): void;
  /** The page goes. `kept`: perhaps into the browser's cache of pages, from where it comes back as it was. */
  onLeave(kept: boolean): void;
}

const offlineMs = 2_000;

/** Listens until the function it returns is called. Where there is no page, as in Node, nothing is ever heard. */
export function listenForWaking(events: WakingEvents): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const { document } = globalThis;
  globalThis.addEventListener?.('pageshow', events.onShow, { signal });
  globalThis.addEventListener?.('online', events.onNetwork, { signal });
  globalThis.addEventListener?.('pagehide', ({ persisted }) => events.onLeave(persisted), { signal });
  let offline: ReturnType<typeof setInterval> | undefined;
  const endOffline = (): void => clearInterval(offline);
  const onOffline = (): void => {
    endOffline();
    offline = setInterval(events.onOffline, offlineMs);
    events.onOffline();
  };
  globalThis.addEventListener?.('offline', onOffline, { signal });
  globalThis.addEventListener?.('online', endOffline, { signal });
  document?.addEventListener('resume', events.onShow, { signal });
  document?.addEventListener('visibilitychange', () => events.onVisibility(document.hidden), { signal });
  // It fires for every change of the estimated speed, too; only another kind of network is another network.
  let hint = networkHint();
  const onConnection = (): void => {
    const before = hint;
    hint = networkHint();
    if (hint !== before) events.onNetwork();
  };
  const { connection } = (globalThis.navigator ?? {}) as { readonly connection?: EventTarget };
  connection?.addEventListener?.('change', onConnection, { signal });
  return () => {
    endOffline();
    stop.abort();
  };
}
