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
  readonly showDetails: boolean;
  /** `null` lets the client choose. */
  readonly transport: TransportName | null;
}

const storageKey = 'everywire.preferences';
const listeners = new Set<() => void>();
let current: Preferences = read();

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
    if (event.key === storageKey) replace(read());
  });
  matchMedia('(prefers-contrast: more)').addEventListener('change', applyPreferences);
}

function changePreferences(change: Partial<Preferences>): void {
  replace({ ...current, ...change });
  try {
    localStorage.setItem(storageKey, JSON.stringify(current));
  } catch {
    // A browser that forbids storage still gets the change, until it is closed.
  }
}

function replace(next: Preferences): void {
  current = next;
  applyPreferences();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function read(): Preferences {
  const chinese = navigator.language.toLowerCase().startsWith('zh');
  const initial: Preferences = {
    language: chinese ? 'zh' : 'en',
    theme: 'system',
    density: 'comfortable',
    sendWith: 'enter',
    connectionWords: 'needed',
    showTyping: true,
    lessMotion: false,
    showDetails: true,
    transport: null,
  };
  try {
    return { ...initial, ...(JSON.parse(localStorage.getItem(storageKey) ?? '{}') as Partial<Preferences>) };
  } catch {
    return initial;
  }
}

function applyPreferences(): void {
  const root = document.documentElement;
  root.lang = current.language;
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
