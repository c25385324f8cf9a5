import { removeNode } from './hidden-frame.js';
import { offerCall } from './script-call.js';

/** The event that old browsers have instead of `onload`. */
interface OldScript {
  readonly readyState?: string;
  onreadystatechange?: (() => void) | null;
}

/**
 * Gets one response as a script that calls a function of the page with the text of the response (EN-22). Such a GET
 * needs no permission of the other origin. Calls one of the two callbacks, once.
 *
 * @returns a function that cancels the request. The browser may continue to load the script, but no callback is called.
 */
export function fetchScript(address: string, onText: (text: string) => void, onFailed: () => void): () => void {
  const script: HTMLScriptElement & OldScript = document.createElement('script');
  let over = false;
  const finish = (): boolean => {
    if (over) return false;
    over = true;
    return true;
  };
  // The function stays defined until the script has run or failed, because a cancelled script may still arrive and call
  // it.
  const call = offerCall(window, (text) => {
    if (finish()) onText(text);
  });
  const remove = (): void => {
    script.onload = script.onerror = script.onreadystatechange = null;
    call.forget();
    removeNode(script);
  };
  // A script that loaded without a call also failed: it is an error page, or the browser does not report errors.
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
  // The server needs to know the page's origin, which the page's own policy might withhold.
  script.setAttribute('referrerpolicy', 'origin');
  script.src = `${address}${address.indexOf('?') < 0 ? '?' : '&'}cb=everywire$.${call.name}`;
  (document.getElementsByTagName('head')[0] || document.documentElement).appendChild(script);
  return () => {
    finish();
  };
}
