import { keptTabs } from './kept-tabs.js';
import { lockedTabs } from './locked-tabs.js';

/** The tabs of one account in one browser, as far as notifying needs to know of the others. */
export interface Tabs {
  /** Whether a person has one of the tabs in front of them, this one included. */
  isLooked(): Promise<boolean>;
  /** Whether it is for this tab to notify of what has happened in a conversation up to `activityAt`. ServerValue once for each notification. */
  mayNotify(conversation: number, activityAt: number): boolean;
  close(): void;
}

/** Whether a person has this tab in front of them. */
export interface Look {
  now(): boolean;
  /** Calls the listener when that may have changed; returns what ends it. */
  watch(listener: () => void): () => void;
}

/** By locks where the browser has them. It has none on pages over plain HTTP, which cannot show notifications either, but can sound. */
export function openTabs(user: number, look: Look): Tabs {
  const name = `everywire.notifier.${user}`;
  return navigator.locks ? lockedTabs(navigator.locks, name, look) : keptTabs(name, look);
}
