import { useSyncExternalStore } from 'react';
import { useWords } from '../i18n/words.js';
import { atMost } from './at-most.js';
import { isReplaced, subscribeReplaced } from './new-version.js';
import { asksBeforeUnload } from './unload-prompt.js';
import './new-version-bar.css';

interface NewVersionBarProps {
  /** Saves what is only in memory. The page reloads afterwards, even if it fails. */
  readonly close?: () => Promise<void>;
}

/** The longest time that a reload waits for `close`, in milliseconds, so that an unresponsive connection does not block it. */
const CLOSE_MS_MAX = 2_000;

/** Renders a bar above the page with a reload button once the server has a newer version of the page. */
export function NewVersionBar({ close }: NewVersionBarProps) {
  const words = useWords();
  const replaced = useSyncExternalStore(subscribeReplaced, isReplaced);
  const reload = async () => {
    // If the browser prompts first, the user may stay on the page, so it must keep working. Unsaved data is then saved on `pagehide`.
    if (!asksBeforeUnload()) {
      // Input after this point would be lost.
      document.body.inert = true;
      await atMost(CLOSE_MS_MAX, close?.());
    }
    location.reload();
  };
  return (
    // The live region must exist before its text does, otherwise screen readers do not announce the text.
    <div className="new-version" role="status" data-shown={replaced}>
      {replaced && (
        <>
          <span>{words.newVersion}</span>
          <button type="button" className="button" onClick={() => void reload()}>
            {words.reload}
          </button>
        </>
      )}
    </div>
  );
}
