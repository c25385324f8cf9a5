import type { SignedIn } from '@everywire/chat-client';
import { useEffect, useState } from 'react';
import type { Backend } from '../app/backend.js';
import { useAttempt } from '../app/use-attempt.js';
import { useWords } from '../i18n/words.js';
import { Problem } from '../look/problem.js';

const storageKey = 'everywire.openid';

/** Whether the provider has just sent the browser back here: the form with the button has to be shown, which takes the answer. */
export function isAnswered(): boolean {
  return /^#(.*&)?state=/.test(location.hash);
}

/** What the provider put behind the `#` of our address; taken out of it, as it is good for signing in once. */
function takeAnswer(): string | null {
  const answer = location.hash.slice(1);
  if (!isAnswered()) return null;
  history.replaceState(null, '', location.pathname + location.search);
  return answer;
}

/** What this tab kept as it went to the provider, once; `null` where it went from elsewhere, or storage is forbidden. */
function takeFlow(): string | null {
  try {
    const flow = sessionStorage.getItem(storageKey);
    sessionStorage.removeItem(storageKey);
    return flow;
  } catch {
    return null;
  }
}

interface OpenIdButtonProps {
  readonly backend: Backend;
  /** What the provider is called; `null` where there is none. */
  readonly provider: string | null;
  readonly onSignedIn: (account: SignedIn) => void | Promise<void>;
}

/** Goes to the provider, and signs in when it has sent the browser back to this page. */
export function OpenIdButton({ backend, provider, onSignedIn }: OpenIdButtonProps) {
  const words = useWords();
  const { busy, problem, attempt } = useAttempt();
  const [answer] = useState(takeAnswer);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, for the answer this page came with
  useEffect(() => {
    if (answer === null) return;
    const flow = takeFlow();
    void attempt(async () => {
      if (flow === null)
        throw Object.assign(new Error('The beginning of this sign-in is lost.'), { code: 'identity_refused' });
      await onSignedIn(await backend.links.finishOpenId({ flow, answer }));
    });
  }, [answer]);
  const begin = async () => {
    const { url, flow } = await backend.links.beginOpenId();
    sessionStorage.setItem(storageKey, flow);
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
