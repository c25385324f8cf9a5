import type { SignedIn } from '@everywire/chat-client';
import { useEffect, useState } from 'react';
import type { Backend } from '../app/backend.js';
import { useAttempt } from '../app/use-attempt.js';
import { Problem } from '../design/problem.js';
import { useWords } from '../i18n/words.js';

const STORAGE_KEY = 'everywire.openid';

/** Returns whether the provider has just redirected back. The form with the button must then be shown, because it handles the answer. */
export function hasOpenIdAnswer(): boolean {
  return /^#(.*&)?state=/.test(location.hash);
}

/** Returns the provider's answer and removes it from the address, because it can be used only once. */
function takeAnswer(): string | null {
  const answer = location.hash.slice(1);
  if (!hasOpenIdAnswer()) return null;
  history.replaceState(null, '', location.pathname + location.search);
  return answer;
}

/** Returns the state stored before the redirect, once; `null` if another tab started it or storage is unavailable. */
function takeFlow(): string | null {
  try {
    const flow = sessionStorage.getItem(STORAGE_KEY);
    sessionStorage.removeItem(STORAGE_KEY);
    return flow;
  } catch {
    return null;
  }
}

interface OpenIdButtonProps {
  readonly backend: Backend;
  /** The provider's name; `null` if there is none. */
  readonly provider: string | null;
  readonly onSignedIn: (account: SignedIn) => void | Promise<void>;
}

/** Renders the button that redirects to the provider, and signs in after it has redirected back. */
export function OpenIdButton({ backend, provider, onSignedIn }: OpenIdButtonProps) {
  const words = useWords();
  const { busy, problem, attempt } = useAttempt();
  const [answer] = useState(takeAnswer);
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs once, for the answer in the initial address
  useEffect(() => {
    if (answer === null) return;
    const flow = takeFlow();
    void attempt(async () => {
      if (flow === null)
        throw Object.assign(new Error('This tab has no stored state for the sign-in.'), { code: 'identity_refused' });
      await onSignedIn(await backend.links.finishOpenId({ flow, answer }));
    });
  }, [answer]);
  const begin = async () => {
    const { url, flow } = await backend.links.beginOpenId();
    sessionStorage.setItem(STORAGE_KEY, flow);
    location.assign(url);
  };
  if (provider === null) return null;
  return (
    <>
      <Problem code={problem} />
      <button type="button" className="button" disabled={busy} onClick={() => void attempt(begin)}>
        {words.signInBy(provider)}
      </button>
    </>
  );
}
