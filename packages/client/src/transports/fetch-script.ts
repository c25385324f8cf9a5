import { removeNode } from './hidden-frame.js';
import { offerCall } from './script-call.js';

/** The event that old browsers have instead of `onload`. */
interface OldScript {
  readonly readyState?: string;
  onreadystatechange?: (() => void) | null;
}

/**
 * Gets one response as a script that calls back with its text (EN-22): a GET that needs no permission of the other origin. Calls
 * one of the two callbacks, once.
 *
 * @returns a function that cancels it; the browser may continue to load it, but no callback is called
 */
export function fetchScript(address: string, onText: (text: string) => void, onFailed: () => void): () => void {
  const script: HTMLScriptElement & OldScript = document.createElement('script');
  let over = false;
  const finish = (): boolean => {
    if (over) return false;
    over = true;
    return true;
  };
  // Kept until the script has run or failed, because even a cancelled script may still arrive and call it.
  const call = offerCall(window, (text) => {
    if (finish()) onText(text);
  });
  const remove = (): void => {
    script.onload = script.onerror = script.onreadystatechange = null;
    call.forget();
    removeNode(script);
  };
  // Loaded without a call is a failure too: an error page, or an old browser that does not report errors.
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
  // The server needs the page's origin, whatever the page's own policy is.
  script.setAttribute('referrerpolicy', 'origin');
  script.src = `${address}${address.indexOf('?') < 0 ? '?' : '&'}cb=everywire$.${call.name}`;
  (document.getElementsByTagName('head')[0] || document.documentElement).appendChild(script);
  return () => {
    finish();
  };
}
