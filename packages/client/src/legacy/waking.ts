import type { WakingEvents } from '../waking.js';
import type { OldTarget } from './old-target.js';
import { platform } from './platform.js';

/** Listens until the function it returns is called, by whichever way there is: the standard's or that of Internet Explorer. */
export function listenForWaking(events: WakingEvents): () => void {
  const stops: (() => void)[] = [];
  const listen = (
    target: OldTarget | undefined,
    type: string,
    listener: (event: { persisted?: boolean }) => void,
  ): void => {
    if (!target) return;
    if (target.addEventListener) {
      target.addEventListener(type, listener, false);
      stops.push(() => target.removeEventListener?.(type, listener, false));
    } else if (target.attachEvent) {
      target.attachEvent(`on${type}`, listener);
      stops.push(() => target.detachEvent?.(`on${type}`, listener));
    }
  };
  const { document } = platform;
  listen(platform, 'pageshow', events.onShow);
  listen(platform, 'online', events.onNetwork);
  // Of the two the first that comes; a page that goes twice has nothing left to say.
  listen(platform, 'pagehide', ({ persisted }) => events.onLeave(persisted === true));
  if (!('onpagehide' in platform)) listen(platform, 'unload', () => events.onLeave(false));
  listen(document, 'visibilitychange', () => events.onVisibility(document?.hidden === true));
  return () => {
    for (const stop of stops) stop();
  };
}
