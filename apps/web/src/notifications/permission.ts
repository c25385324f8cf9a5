import { useSyncExternalStore } from 'react';

/** Whether this page may show notifications, and why not. `default`: the browser has not been asked. */
export type NotificationState = 'insecure' | 'unsupported' | 'denied' | 'default' | 'granted';

const listeners = new Set<() => void>();
/** The class of notifications that was looked at, and whether it can be used. */
let tried: { readonly of: typeof Notification; readonly isUsable: boolean } | null = null;
let watched = false;

export function notificationState(): NotificationState {
  if (!window.isSecureContext) return 'insecure';
  if (!('Notification' in window) || !isUsable()) return 'unsupported';
  return Notification.permission;
}

export function useNotificationState(): NotificationState {
  return useSyncExternalStore(subscribe, notificationState);
}

/** Asks the browser, which asks the person. Call it in answer to a press alone: browsers ignore other requests, or punish them. */
export async function requestPermission(): Promise<void> {
  await Notification.requestPermission();
  notifyListeners();
}

/** Shows a notification without the system's own sound. `null`: not allowed, or not possible. */
export function showNotification(title: string, options: NotificationOptions): Notification | null {
  if (notificationState() !== 'granted') return null;
  // It takes the place of an earlier one with its tag, and is to be noticed all the same. TypeScript does not know `renotify`.
  const noticed = options.tag === undefined ? options : { ...options, renotify: true };
  try {
    return new Notification(title, { icon: '/icon.svg', silent: true, ...noticed });
  } catch {
    tried = { of: Notification, isUsable: false };
    notifyListeners();
    return null;
  }
}

/**
 * Whether the browser makes notifications for a page. Chrome on Android and others have the class, ask the person for permission, and refuse
 * to make any without a service worker. None is shown by asking: what goes along with this one cannot be copied, so a browser that makes
 * notifications refuses it for that reason.
 */
function isUsable(): boolean {
  if (tried?.of === Notification) return tried.isUsable;
  tried = { of: Notification, isUsable: true };
  try {
    new Notification('', { data: () => undefined }).close();
  } catch (error) {
    tried = { of: Notification, isUsable: !(error instanceof TypeError) };
  }
  return tried.isUsable;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  watch();
  return () => listeners.delete(listener);
}

/** Follows what the person changes in the browser's own settings, for as long as the page lives. */
function watch(): void {
  if (watched) return;
  watched = true;
  // Where the browser cannot say it, the page looks when the person comes back to it.
  window.addEventListener('focus', notifyListeners);
  navigator.permissions?.query({ name: 'notifications' }).then(
    (status) => status.addEventListener('change', notifyListeners),
    () => undefined,
  );
}

function notifyListeners(): void {
  for (const listener of listeners) listener();
}
