import { useSyncExternalStore } from 'react';

/** The open conversation, kept in the address (`#/c/12`): reload stays there, and Back on a phone returns to the list. */
export function useRoute(): number | null {
  return useSyncExternalStore(subscribe, openConversation);
}

function openConversation(): number | null {
  const match = /^#\/c\/(\d{1,15})$/.exec(location.hash);
  return match === null ? null : Number(match[1]);
}

export function goToConversation(id: number): void {
  if (openConversation() === id) return;
  // On a phone the list stays below in the history, so that Back leads there; beside the list nothing piles up.
  if (openConversation() === null) history.pushState({ fromList: true }, '', `#/c/${id}`);
  else history.replaceState(history.state, '', `#/c/${id}`);
  window.dispatchEvent(new Event('everywire:route'));
}

export function goToList(): void {
  if (openConversation() === null) return;
  if ((history.state as { fromList?: boolean } | null)?.fromList === true) {
    history.back();
    return;
  }
  history.replaceState(null, '', location.pathname + location.search);
  window.dispatchEvent(new Event('everywire:route'));
}

function subscribe(listener: () => void): () => void {
  for (const event of ['hashchange', 'popstate', 'everywire:route']) window.addEventListener(event, listener);
  return () => {
    for (const event of ['hashchange', 'popstate', 'everywire:route']) window.removeEventListener(event, listener);
  };
}
