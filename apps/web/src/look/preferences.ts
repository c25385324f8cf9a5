import type { TransportName } from '@everywire/client';
import { useSyncExternalStore } from 'react';

export type Language = 'zh' | 'en';
export type Theme = 'system' | 'light' | 'dark' | 'contrast';

/** What this person chose on this device. Kept in `localStorage`; `public/first-paint.js` reads the same key before the first paint. */
export interface Preferences {
  readonly language: Language;
  readonly theme: Theme;
  readonly density: 'comfortable' | 'compact';
  readonly sendWith: 'enter' | 'ctrl-enter';
  readonly connectionWords: 'needed' | 'always';
  /** Others see when I type, and I see when they do: both or neither. */
  readonly showTyping: boolean;
  readonly lessMotion: boolean;
  /** Conversations open at their end, not at the first unread message. */
  readonly openAtEnd: boolean;
  readonly showDetails: boolean;
  /** Messages notify on this device. */
  readonly notifications: boolean;
  /** A notification says what was written, not only by whom. */
  readonly notificationText: boolean;
  readonly notificationSound: boolean;
  /** Whether the list offers to turn notifications on: once a message was missed, until the offer is declined. */
  readonly notificationOffer: 'none' | 'due' | 'declined';
  /** `null` lets the client choose. */
  readonly transport: TransportName | null;
}

const storageKey = 'everywire.preferences';
const listeners = new Set<() => void>();
let chosen: Partial<Preferences> = read();
let current: Preferences = { ...initial(), ...chosen };

/** The preferences, and a function that changes some of them, keeps them and repaints. */
export function usePreferences(): readonly [Preferences, (change: Partial<Preferences>) => void] {
  return [useSyncExternalStore(subscribe, () => current), changePreferences];
}

export function readPreferences(): Preferences {
  return current;
}

/** Follows other tabs and the system's contrast setting for as long as the page lives. */
export function followPreferences(): void {
  applyPreferences();
  window.addEventListener('storage', (event) => {
    if (event.key === storageKey) choose(read());
  });
  matchMedia('(prefers-contrast: more)').addEventListener('change', applyPreferences);
}

/** As the function of `usePreferences`, outside components. */
export function changePreferences(change: Partial<Preferences>): void {
  choose({ ...chosen, ...change });
  try {
    localStorage.setItem(storageKey, JSON.stringify(chosen));
  } catch {
    // A browser that forbids storage still gets the change, until it is closed.
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

/** Where nothing was chosen the browser and the system decide. */
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
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '{}');
    return typeof kept === 'object' && kept !== null ? kept : {};
  } catch {
    return {};
  }
}

function applyPreferences(): void {
  const root = document.documentElement;
  // With its region: the glyphs of Han differ between them.
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
