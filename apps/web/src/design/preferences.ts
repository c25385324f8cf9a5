import type { TransportName } from '@everywire/client';
import { useSyncExternalStore } from 'react';

/** A language of the page. */
export type Language = 'zh' | 'en';
/** A colour theme. */
export type Theme = 'system' | 'light' | 'dark' | 'contrast';

/** The user's preferences on this device. Stored in `localStorage`; `public/first-paint.js` reads the same key before the first paint. */
export interface Preferences {
  readonly language: Language;
  readonly theme: Theme;
  readonly density: 'comfortable' | 'compact';
  readonly sendWith: 'enter' | 'ctrl-enter';
  /** When the line above the composer describes the connection in words: only in case of a problem, or always. */
  readonly connectionWords: 'needed' | 'always';
  /** Typing indicators in both directions: sent to others, and shown for others. */
  readonly showTyping: boolean;
  readonly lessMotion: boolean;
  /** Conversations open at their end instead of at the first unread message. */
  readonly openAtEnd: boolean;
  /** The details of the open conversation (members, settings) are shown next to it on a wide window. */
  readonly showDetails: boolean;
  /** Messages notify on this device. */
  readonly notifications: boolean;
  /** Notifications show the message text, not only the sender. */
  readonly notificationText: boolean;
  readonly notificationSound: boolean;
  /** Whether the conversation list offers to turn on notifications: `due` after a missed message, until the user declines. */
  readonly notificationOffer: 'none' | 'due' | 'declined';
  /** `null` lets the client choose. */
  readonly transport: TransportName | null;
}

const STORAGE_KEY = 'everywire.preferences';
const listeners = new Set<() => void>();
/** What the user has changed. Only this is stored, so that the defaults continue to follow the system. */
let chosen: Partial<Preferences> = read();
/** The defaults with `chosen` over them. */
let current: Preferences = { ...initial(), ...chosen };

/** Returns the preferences, and a function that changes some of them. */
export function usePreferences(): readonly [Preferences, (change: Partial<Preferences>) => void] {
  return [useSyncExternalStore(subscribe, () => current), changePreferences];
}

/** Returns the current preferences, outside components. */
export function readPreferences(): Preferences {
  return current;
}

/** Follows changes in other tabs and the system's contrast setting until the page unloads. */
export function followPreferences(): void {
  applyPreferences();
  window.addEventListener('storage', (event) => {
    if (event.key === STORAGE_KEY) choose(read());
  });
  matchMedia('(prefers-contrast: more)').addEventListener('change', applyPreferences);
}

/** Changes preferences, stores them and applies them to the document. */
export function changePreferences(change: Partial<Preferences>): void {
  choose({ ...chosen, ...change });
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(chosen));
  } catch {
    // Without storage the change lasts until the page closes.
  }
}

function choose(next: Partial<Preferences>): void {
  chosen = next;
  current = { ...initial(), ...chosen };
  applyPreferences();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Returns the defaults, which follow the browser and the system. */
function initial(): Preferences {
  return {
    language: navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en',
    theme: 'system',
    density: 'comfortable',
    sendWith: 'enter',
    connectionWords: 'needed',
    showTyping: true,
    lessMotion: false,
    openAtEnd: false,
    showDetails: true,
    notifications: true,
    notificationText: true,
    notificationSound: true,
    notificationOffer: 'none',
    transport: null,
  };
}

function read(): Partial<Preferences> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '{}');
    return typeof kept === 'object' && kept !== null ? kept : {};
  } catch {
    return {};
  }
}

function applyPreferences(): void {
  const root = document.documentElement;
  // Includes the region, because Han glyphs differ between regions.
  root.lang = current.language === 'zh' ? 'zh-CN' : current.language;
  set(root, 'theme', current.theme === 'light' || current.theme === 'dark' ? current.theme : null);
  const more = current.theme === 'contrast' || matchMedia('(prefers-contrast: more)').matches;
  set(root, 'contrast', more ? 'more' : null);
  set(root, 'density', current.density === 'compact' ? 'compact' : null);
  set(root, 'motion', current.lessMotion ? 'less' : null);
}

function set(root: HTMLElement, name: string, value: string | null): void {
  if (value === null) delete root.dataset[name];
  else root.dataset[name] = value;
}
