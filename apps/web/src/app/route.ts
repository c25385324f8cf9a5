import { useSyncExternalStore } from 'react';

/**
 * What is open, kept in the address: a conversation (`#/c/12`), so that reload stays there and Back on a phone returns to the list, and
 * for a moment a message of it (`#/c/12/m/345`) that is to be shown.
 */
interface Route {
  readonly conversation: number | null;
  readonly message: number | null;
}

export function useRoute(): number | null {
  return useSyncExternalStore(subscribe, () => route().conversation);
}

/** The sequence of a message that is to be shown in this conversation; it stands until `messageShown`. */
export function useMessageInRoute(conversation: number): number | null {
  return useSyncExternalStore(subscribe, () => {
    const open = route();
    return open.conversation === conversation ? open.message : null;
  });
}

export function goToConversation(id: number): void {
  if (route().conversation !== id) go(`#/c/${id}`);
}

/** Opens a conversation at one of its messages, by its sequence: the one way there, for quotes, pins, search and links. */
export function goToMessage(conversation: number, sequence: number): void {
  go(`#/c/${conversation}/m/${sequence}`);
}

/** What was to be shown is being looked for: a reload, or Back, is not to jump there again. */
export function messageShown(): void {
  const { conversation, message } = route();
  if (message === null) return;
  history.replaceState(history.state, '', `#/c/${conversation}`);
  tell();
}

/** The address of a message, for those who may read it. */
export function linkToMessage(conversation: number, sequence: number): string {
  return `${location.origin}${location.pathname}#/c/${conversation}/m/${sequence}`;
}

export function goToList(): void {
  if (route().conversation === null) return;
  if ((history.state as { fromList?: boolean } | null)?.fromList === true) {
    history.back();
    return;
  }
  history.replaceState(null, '', location.pathname + location.search);
  tell();
}

function route(): Route {
  const match = /^#\/c\/(\d{1,15})(?:\/m\/(\d{1,15}))?$/.exec(location.hash);
  if (match === null) return { conversation: null, message: null };
  return { conversation: Number(match[1]), message: match[2] === undefined ? null : Number(match[2]) };
}

function go(hash: string): void {
  // On a phone the list stays below in the history, so that Back leads there; beside the list nothing piles up.
  if (route().conversation === null) history.pushState({ fromList: true }, '', hash);
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
