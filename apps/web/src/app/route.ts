import { isProvisional, peerOf } from '@everywire/chat-client';
import { useSyncExternalStore } from 'react';
import { pageHistory } from './page-history.js';

/**
 * What is open, kept in the address, so that reload stays there and Back on a phone leads out of it: a conversation (`#/c/12`; `#/u/7` before
 * the first message to the person with this id), a thread of it
 * (`#/c/12/t/34`, by the sequence of its root), and for a moment a message that is to be shown (`.../m/345`).
 */
interface Route {
  readonly conversation: number | null;
  readonly thread: number | null;
  readonly message: number | null;
}

interface HistoryState {
  readonly fromList?: boolean;
  readonly fromConversation?: boolean;
  /** How many conversations lie between this one and the list, or the link that led here: those whose people were written to. */
  readonly above?: number;
}

export function useRoute(): number | null {
  return useSyncExternalStore(subscribe, () => route().conversation);
}

/** The thread that is open beside this conversation, by the sequence of its root. */
export function useThreadInRoute(conversation: number): number | null {
  return useSyncExternalStore(subscribe, () => {
    const open = route();
    return open.conversation === conversation ? open.thread : null;
  });
}

/** The sequence of a message that is to be shown in this conversation, or in this thread of it; it stands until `messageShown`. */
export function useMessageInRoute(conversation: number, thread: number | null): number | null {
  return useSyncExternalStore(subscribe, () => {
    const open = route();
    return open.conversation === conversation && open.thread === thread ? open.message : null;
  });
}

export function goToConversation(id: number): void {
  pageHistory.change(() => {
    if (route().conversation !== id) go(conversationAddress(id));
  });
}

/** Opens the conversation with somebody of the one that is open, as from a profile: Back leads to that one again. */
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

/** Opens a conversation at one of its messages, by its sequence: the one way there, for quotes, pins, search and links. */
export function goToMessage(conversation: number, sequence: number): void {
  pageHistory.change(() => go(`#/c/${conversation}/m/${sequence}`));
}

/** Opens a thread beside its conversation, by the sequence of its root; at one of its messages, if one is given. */
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

/** What was to be shown is being looked for: a reload, or Back, is not to jump there again. */
export function messageShown(): void {
  pageHistory.change(() => {
    const { conversation, thread, message } = route();
    if (conversation === null || message === null) return;
    history.replaceState(history.state, '', hashOf(conversation, thread));
    notifyListeners();
  });
}

/** The address of a message, for those who may read it. */
export function linkToMessage(conversation: number, sequence: number): string {
  return `${location.origin}${location.pathname}#/c/${conversation}/m/${sequence}`;
}

export function goToList(): void {
  pageHistory.change(() => {
    if (route().conversation === null) return;
    const { fromList = false, above = 0 } = historyState();
    if (fromList) pageHistory.back(above + 1);
    else replaceByList();
  });
}

/** Leaves the conversation like the browser's Back: to the one whose people were written to, or to the list. */
export function goBack(): void {
  pageHistory.change(() => {
    if (route().conversation === null) return;
    const { fromList = false, above = 0 } = historyState();
    if (fromList || above > 0) pageHistory.back();
    else replaceByList();
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

/** The part of the address that opens a conversation. */
export function conversationAddress(conversation: number): string {
  return isProvisional(conversation) ? `#/u/${peerOf(conversation)}` : `#/c/${conversation}`;
}

function hashOf(conversation: number, thread: number | null): string {
  return thread === null ? conversationAddress(conversation) : `#/c/${conversation}/t/${thread}`;
}

function go(hash: string): void {
  // On a phone the list stays below in the history, so that Back leads there; beside the list nothing piles up.
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
