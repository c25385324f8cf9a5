import { useSyncExternalStore } from 'react';
import { useWords } from '../i18n/words.js';
import { atMost } from './at-most.js';
import { followReplaced, isReplaced } from './new-version.js';
import { asksBeforeUnload } from './unload-question.js';
import './new-version-bar.css';

interface NewVersionBarProps {
  /** Keeps what is not on the device yet. The page reloads after it, also where it fails. */
  readonly close?: () => Promise<void>;
}

/** How long a reload waits for what is being kept, milliseconds. A connection that does not answer delays it no longer. */
const closeMsMax = 2_000;

/** Above everything, once the server has a newer page: one press loads it. */
export function NewVersionBar({ close }: NewVersionBarProps) {
  const words = useWords();
  const replaced = useSyncExternalStore(followReplaced, isReplaced);
  const reload = async () => {
    // Where the browser asks, the page may stay, and goes on as it was; what is not on the device yet is kept as the page goes away.
    if (!asksBeforeUnload()) {
      // What was written from here on would be kept by nobody.
      document.body.inert = true;
      await atMost(closeMsMax, close?.());
    }
    location.reload();
  };
  return (
    // The live region is there before it has something to say, else a screen reader would not say it.
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
