import { useSyncExternalStore } from 'react';

/** Zones differ in their offset from UTC in winter or in summer. */
const instants = [Date.UTC(2026, 0), Date.UTC(2026, 6)];
const listeners = new Set<() => void>();
let zone = offsets();

/**
 * Returns a key of the device's time zone. It changes while the page is open when the device travels. Browsers fire no event for that, so
 * whatever formats a time asks here, and what is shown already is rendered again.
 */
export function timeZone(): string {
  const now = offsets();
  if (now !== zone) {
    zone = now;
    queueMicrotask(() => {
      for (const listener of listeners) listener();
    });
  }
  return zone;
}

/** Returns the key of the time zone, and renders again when it changes. */
export function useTimeZone(): string {
  return useSyncExternalStore(subscribe, timeZone);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  document.addEventListener('visibilitychange', listener);
  return () => {
    listeners.delete(listener);
    document.removeEventListener('visibilitychange', listener);
  };
}

function offsets(): string {
  return instants.map((at) => new Date(at).getTimezoneOffset()).join();
}
