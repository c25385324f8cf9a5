import { useSyncExternalStore } from 'react';

/** Whether this page may show notifications, and why not. `default`: the user has not been asked. */
export type NotificationState = 'insecure' | 'unsupported' | 'denied' | 'default' | 'granted';

const listeners = new Set<() => void>();
/** The `Notification` class that was tested, and whether it works. */
let tried: { readonly of: typeof Notification; readonly isUsable: boolean } | null = null;
let watched = false;

/** Returns whether this page may show notifications now. */
export function notificationState(): NotificationState {
  if (!window.isSecureContext) return 'insecure';
  if (!('Notification' in window) || !isUsable()) return 'unsupported';
  return Notification.permission;
}

/** Returns the notification state and renders again when it changes. */
export function useNotificationState(): NotificationState {
  return useSyncExternalStore(subscribe, notificationState);
}

/** Requests the permission. Call it only in response to a press: browsers ignore other requests or penalise them. */
export async function requestPermission(): Promise<void> {
  await Notification.requestPermission();
  notifyListeners();
}

/** Shows a notification without the system's sound. Returns `null` if that is not allowed or not possible. */
export function showNotification(title: string, options: NotificationOptions): Notification | null {
  if (notificationState() !== 'granted') return null;
  // A replacement with the same tag must alert again. TypeScript's type lacks `renotify`.
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
 * Returns whether pages can create notifications. Chrome on Android and others have the class and grant the permission, but throw without a
 * service worker. The test shows nothing: its data cannot be cloned, so a browser that supports notifications throws another error for
 * that.
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

/** Follows changes in the browser's own settings until the page unloads. */
function watch(): void {
  if (watched) return;
  watched = true;
  // Without the Permissions API, the state is read again when the page gets the focus.
  window.addEventListener('focus', notifyListeners);
  navigator.permissions?.query({ name: 'notifications' }).then(
    (status) => status.addEventListener('change', notifyListeners),
    () => undefined,
  );
}

function notifyListeners(): void {
  for (const listener of listeners) listener();
}
