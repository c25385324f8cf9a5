import type { SignedIn } from '@everywire/chat-client';
import { useEffect, useState } from 'react';
import type { Backend } from '../app/backend.js';
import { useAttempt } from '../app/use-attempt.js';
import { useWords } from '../i18n/words.js';
import { Problem } from '../look/problem.js';

const storageKey = 'everywire.openid';

/** What the provider put behind the `#` of our address; taken out of it, as it is good for signing in once. */
function takeAnswer(): string | null {
  const answer = location.hash.slice(1);
  if (!/(^|&)state=/.test(answer)) return null;
  history.replaceState(null, '', location.pathname + location.search);
  return answer;
}

interface OpenIdButtonProps {
  readonly backend: Backend;
  /** What the provider is called; `null` where there is none. */
  readonly provider: string | null;
  readonly onSignedIn: (account: SignedIn) => void;
}

/** Goes to the provider, and signs in when it has sent the browser back to this page. */
export function OpenIdButton({ backend, provider, onSignedIn }: OpenIdButtonProps) {
  const words = useWords();
  const { busy, problem, attempt } = useAttempt();
  const [answer] = useState(takeAnswer);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, for the answer this page came with
  useEffect(() => {
    const flow = sessionStorage.getItem(storageKey);
    if (answer === null || flow === null) return;
    sessionStorage.removeItem(storageKey);
    void attempt(async () => onSignedIn(await backend.links.finishOpenId({ flow, answer })));
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
