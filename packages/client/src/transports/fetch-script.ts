import { removeNode } from './hidden-frame.js';
import { offerCall } from './script-call.js';

/** What old browsers have instead of `onload`. */
interface OldScript {
  readonly readyState?: string;
  onreadystatechange?: (() => void) | null;
}

/**
 * Gets one answer as a script that calls back with its text (EN-22): a GET that needs no leave of the other origin. Calls one of
 * the two, once.
 *
 * @returns gives it up; a browser may go on loading it, and is not heard any more
 */
export function fetchScript(address: string, onText: (text: string) => void, onFailed: () => void): () => void {
  const script: HTMLScriptElement & OldScript = document.createElement('script');
  let over = false;
  const finish = (): boolean => {
    if (over) return false;
    over = true;
    return true;
  };
  // It stays until the script has run or failed: one that was given up may still come, and must find a function.
  const call = offerCall(window, (text) => {
    if (finish()) onText(text);
  });
  const remove = (): void => {
    script.onload = script.onerror = script.onreadystatechange = null;
    call.forget();
    removeNode(script);
  };
  // Loaded and not called is failed as well: an error page, or an old browser that tells no error.
  const ended = (): void => {
    remove();
    if (finish()) onFailed();
  };
  script.onload = script.onerror = ended;
  script.onreadystatechange = () => {
    if (script.readyState === 'loaded' || script.readyState === 'complete') ended();
  };
  script.charset = 'utf-8';
  script.async = true;
  // The server has to know the origin that asks, whatever the page's own policy is.
  script.setAttribute('referrerpolicy', 'origin');
  script.src = `${address}${address.indexOf('?') < 0 ? '?' : '&'}cb=everywire$.${call.name}`;
  (document.getElementsByTagName('head')[0] || document.documentElement).appendChild(script);
  return () => {
    finish();
  };
}
