import { listen } from '../transports/listen.js';
import type { WakingEvents } from '../waking.js';
import { platform } from './platform.js';

/** Reports events of the page and the network (`WakingEvents`) until the returned function is called. */
export function listenForWaking(events: WakingEvents): () => void {
  const { document } = platform;
  const stops = [
    listen(platform, 'pageshow', events.onShow),
    listen(platform, 'online', events.onNetwork),
    listen(platform, 'offline', events.onOffline),
    // `unload` is used only if the browser has no `pagehide`, which comes first.
    listen(platform, 'pagehide', ({ persisted }: PageTransitionEvent) => events.onLeave(persisted === true)),
    listen(platform, 'unload', () => 'onpagehide' in platform || events.onLeave(false)),
    listen(document || {}, 'visibilitychange', () => events.onVisibility(document?.hidden === true)),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
