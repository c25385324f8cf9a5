import { useSyncExternalStore } from 'react';

/**
 * What is open, kept in the address, so that reload stays there and Back on a phone leads out of it: a conversation (`#/c/12`), a thread of it
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
  if (route().conversation !== id) go(`#/c/${id}`);
}

/** Opens a conversation at one of its messages, by its sequence: the one way there, for quotes, pins, search and links. */
export function goToMessage(conversation: number, sequence: number): void {
  go(`#/c/${conversation}/m/${sequence}`);
}

/** Opens a thread beside its conversation, by the sequence of its root; at one of its messages, if one is given. */
export function goToThread(conversation: number, root: number, sequence: number | null = null): void {
  const hash = `${hashOf(conversation, root)}${sequence === null ? '' : `/m/${sequence}`}`;
  const open = route();
  if (open.conversation !== conversation || open.thread !== null) {
    go(hash);
    return;
  }
  // Back closes the thread.
  history.pushState({ fromConversation: true } satisfies HistoryState, '', hash);
  tell();
}

export function closeThread(): void {
  const { conversation, thread } = route();
  if (conversation === null || thread === null) return;
  if ((history.state as HistoryState | null)?.fromConversation === true) {
    history.back();
    return;
  }
  history.replaceState(history.state, '', hashOf(conversation, null));
  tell();
}

/** What was to be shown is being looked for: a reload, or Back, is not to jump there again. */
export function messageShown(): void {
  const { conversation, thread, message } = route();
  if (conversation === null || message === null) return;
  history.replaceState(history.state, '', hashOf(conversation, thread));
  tell();
}

/** The address of a message, for those who may read it. */
export function linkToMessage(conversation: number, sequence: number): string {
  return `${location.origin}${location.pathname}#/c/${conversation}/m/${sequence}`;
}

export function goToList(): void {
  if (route().conversation === null) return;
  if ((history.state as HistoryState | null)?.fromList === true) {
    history.back();
    return;
  }
  history.replaceState(null, '', location.pathname + location.search);
  tell();
}

function route(): Route {
  const match = /^#\/c\/(\d{1,15})(?:\/t\/(\d{1,15}))?(?:\/m\/(\d{1,15}))?$/.exec(location.hash);
  return { conversation: numberOf(match?.[1]), thread: numberOf(match?.[2]), message: numberOf(match?.[3]) };
}

function numberOf(digits: string | undefined): number | null {
  return digits === undefined ? null : Number(digits);
}

function hashOf(conversation: number, thread: number | null): string {
  return thread === null ? `#/c/${conversation}` : `#/c/${conversation}/t/${thread}`;
}

function go(hash: string): void {
  // On a phone the list stays below in the history, so that Back leads there; beside the list nothing piles up.
  if (route().conversation === null) history.pushState({ fromList: true } satisfies HistoryState, '', hash);
  else history.replaceState(history.state, '', hash);
  tell();
}

function tell(): void {
  window.dispatchEvent(new Event('everywire:route'));
}

function subscribe(listener: () => void): () => void {
  for (const event of ['hashchange', 'popstate', 'everywire:route']) window.addEventListener(event, listener);
  return () => {
    for (const event of ['hashchange', 'popstate', 'everywire:route']) window.removeEventListener(event, listener);
  };
}
