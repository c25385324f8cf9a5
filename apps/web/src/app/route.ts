import { isProvisional, peerOf } from '@everywire/chat-client';
import { useSyncExternalStore } from 'react';
import { pageHistory } from './page-history.js';

/**
 * The open place, kept in the address so that a reload restores it and Back leaves it: a conversation (`#/c/12`, or `#/u/7` before the
 * first message to the person with this id), a thread in it (`#/c/12/t/34`, by the sequence of its root), and temporarily a message to show
 * (`.../m/345`).
 */
interface Route {
  readonly conversation: number | null;
  readonly thread: number | null;
  readonly message: number | null;
}

interface HistoryState {
  readonly fromList?: boolean;
  readonly fromConversation?: boolean;
  /** The number of conversations between this one and the list or the link that led here. Each was left by opening a person in it. */
  readonly above?: number;
}

/** Returns the id of the open conversation, or `null`. A negative id stands for a person without a conversation yet. */
export function useRoute(): number | null {
  return useSyncExternalStore(subscribe, () => route().conversation);
}

/** Returns the thread that is open next to this conversation, as the sequence of its root. */
export function useThreadInRoute(conversation: number): number | null {
  return useSyncExternalStore(subscribe, () => {
    const open = route();
    return open.conversation === conversation ? open.thread : null;
  });
}

/** Returns the sequence of the message to show in this conversation or thread, until `clearMessageInRoute` is called. */
export function useMessageInRoute(conversation: number, thread: number | null): number | null {
  return useSyncExternalStore(subscribe, () => {
    const open = route();
    return open.conversation === conversation && open.thread === thread ? open.message : null;
  });
}

/** Opens a conversation. No-op if it is open already. */
export function goToConversation(id: number): void {
  pageHistory.change(() => {
    if (route().conversation !== id) go(conversationAddress(id));
  });
}

/**
 * Opens the direct conversation with a person from the open conversation, for example from a profile. Back returns to that conversation.
 */
export function goToPerson(id: number): void {
  pageHistory.change(() => {
    const { conversation } = route();
    if (conversation === id) return;
    if (conversation === null) {
      go(conversationAddress(id));
      return;
    }
    const { fromList = false, above = 0 } = historyState();
    history.pushState({ fromList, above: above + 1 } satisfies HistoryState, '', conversationAddress(id));
    notifyListeners();
  });
}

/** Opens a conversation at one of its messages, by its sequence. Quotes, pins, search and links all use it. */
export function goToMessage(conversation: number, sequence: number): void {
  pageHistory.change(() => go(`#/c/${conversation}/m/${sequence}`));
}

/** Opens a thread next to its conversation, by the sequence of its root, optionally at one of its messages. */
export function goToThread(conversation: number, root: number, sequence: number | null = null): void {
  const hash = `${hashOf(conversation, root)}${sequence === null ? '' : `/m/${sequence}`}`;
  pageHistory.change(() => {
    const open = route();
    if (open.conversation !== conversation || open.thread !== null) {
      go(hash);
      return;
    }
    // Back closes the thread.
    history.pushState({ fromConversation: true } satisfies HistoryState, '', hash);
    notifyListeners();
  });
}

/** Closes the open thread: goes back if it was opened from its conversation, otherwise replaces the address. */
export function closeThread(): void {
  pageHistory.change(() => {
    const { conversation, thread } = route();
    if (conversation === null || thread === null) return;
    if (historyState().fromConversation === true) {
      pageHistory.back();
      return;
    }
    history.replaceState(history.state, '', hashOf(conversation, null));
    notifyListeners();
  });
}

/** Removes the message from the address once the search for it has begun, so that a reload or Back does not jump to it again. */
export function clearMessageInRoute(): void {
  pageHistory.change(() => {
    const { conversation, thread, message } = route();
    if (conversation === null || message === null) return;
    history.replaceState(history.state, '', hashOf(conversation, thread));
    notifyListeners();
  });
}

/** Returns the absolute link to a message. It only works for people who can read the conversation. */
export function linkToMessage(conversation: number, sequence: number): string {
  return `${location.origin}${location.pathname}#/c/${conversation}/m/${sequence}`;
}

/** Opens the conversation list: goes back if the user came from it, otherwise replaces the address. */
export function goToList(): void {
  pageHistory.change(() => {
    if (route().conversation === null) return;
    const { fromList = false, above = 0 } = historyState();
    if (fromList) pageHistory.back(above + 1);
    else replaceByList();
  });
}

/** Leaves the conversation like the browser's Back: to the conversation from which this person was opened, or to the list. */
export function goBack(): void {
  pageHistory.change(() => {
    if (route().conversation === null) return;
    const { fromList = false, above = 0 } = historyState();
    if (fromList || above > 0) pageHistory.back();
    else replaceByList();
  });
}

/** Opens an address that was open before. The address is a fragment, as in `location.hash`. */
export function restoreAddress(hash: string): void {
  pageHistory.change(() => {
    history.replaceState(history.state, '', hash || location.pathname + location.search);
    notifyListeners();
  });
}

function replaceByList(): void {
  history.replaceState(null, '', location.pathname + location.search);
  notifyListeners();
}

function historyState(): HistoryState {
  return (history.state as HistoryState | null) ?? {};
}

function route(): Route {
  const begun = /^#\/u\/(\d{1,15})$/.exec(location.hash);
  if (begun !== null) return { conversation: -Number(begun[1]), thread: null, message: null };
  const match = /^#\/c\/(\d{1,15})(?:\/t\/(\d{1,15}))?(?:\/m\/(\d{1,15}))?$/.exec(location.hash);
  return { conversation: numberOf(match?.[1]), thread: numberOf(match?.[2]), message: numberOf(match?.[3]) };
}

function numberOf(digits: string | undefined): number | null {
  return digits === undefined ? null : Number(digits);
}

/** Returns the fragment that opens a conversation. */
export function conversationAddress(conversation: number): string {
  return isProvisional(conversation) ? `#/u/${peerOf(conversation)}` : `#/c/${conversation}`;
}

function hashOf(conversation: number, thread: number | null): string {
  return thread === null ? conversationAddress(conversation) : `#/c/${conversation}/t/${thread}`;
}

function go(hash: string): void {
  // From the list, adds an entry so that Back returns to it on a phone. From a conversation, replaces the entry so that they do not pile
  // up.
  if (route().conversation === null) history.pushState({ fromList: true } satisfies HistoryState, '', hash);
  else history.replaceState(history.state, '', hash);
  notifyListeners();
}

function notifyListeners(): void {
  window.dispatchEvent(new Event('everywire:route'));
}

function subscribe(listener: () => void): () => void {
  for (const event of ['hashchange', 'popstate', 'everywire:route']) window.addEventListener(event, listener);
  return () => {
    for (const event of ['hashchange', 'popstate', 'everywire:route']) window.removeEventListener(event, listener);
  };
}
