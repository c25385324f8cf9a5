import { lockTabs } from './lock-tabs.js';
import { storageTabs } from './storage-tabs.js';

/** Coordinates the notifications of one account's tabs in one browser. */
export interface Tabs {
  /** Returns whether any of the tabs, including this one, is in front. */
  isAnyInFront(): Promise<boolean>;
  /**
   * Returns whether this tab should notify of the conversation's activity up to `activityAt`. Must be called once per notification, because
   * it may claim the activity.
   */
  mayNotify(conversation: number, activityAt: number): boolean;
  close(): void;
}

/** Whether this tab is in front of the user. */
export interface PageAttention {
  now(): boolean;
  /** Calls `listener` when that may have changed. Returns a function that unsubscribes. */
  watch(listener: () => void): () => void;
}

/** Uses locks if the browser has them. Over plain HTTP it has none; then notifications are not possible either, but sounds are. */
export function openTabs(user: number, look: PageAttention): Tabs {
  const name = `everywire.notifier.${user}`;
  return navigator.locks ? lockTabs(navigator.locks, name, look) : storageTabs(name, look);
}
