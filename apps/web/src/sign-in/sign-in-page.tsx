import type { ServerInfo, SignedIn } from '@everywire/chat-client';
import { useEffect, useState } from 'react';
import type { Backend } from '../app/backend.js';
import { usePrefetch } from '../app/lazy-component.js';
import { useSettled } from '../app/use-settled.js';
import { useWords } from '../i18n/words.js';
import { WireGlyph } from '../wire/wire-glyph.js';
import '../wire/wire.css';
import { LanguageLinks } from './language-links.js';
import { SignInForm } from './sign-in-form.js';
import { Sky } from './sky.js';
import './sign-in.css';

/** The server's answer: pending, received with its round trip, or unreachable. */
type Answer =
  | { readonly state: 'asking' }
  | { readonly state: 'answered'; readonly place: ServerInfo; readonly roundTripMs: number }
  | { readonly state: 'silent' };

/** Renders the page to sign in or register. It names the server and its operator, not the software. */
export function SignInPage({
  backend,
  ended,
  onSignedIn,
}: {
  readonly backend: Backend;
  /** The server has ended the previous sign-in. */
  readonly ended: boolean;
  readonly onSignedIn: (account: SignedIn) => void;
}) {
  const words = useWords();
  const answer = useAnswer(backend);
  const place = answer.state === 'answered' ? answer.place : null;
  usePrefetch(useSettled(answer.state === 'answered'));
  return (
    <main className="sign-in">
      <Sky />
      <SignInForm backend={backend} place={place} ended={ended} onSignedIn={onSignedIn} />
      <footer className="bottom">
        <span className="status" data-state={answer.state === 'silent' ? 'cut' : 'fine'} role="status">
          {answer.state !== 'asking' && <WireGlyph line={answer.state === 'silent' ? 'cut' : 'fine'} />}
          {answer.state === 'answered' && words.answersIn(backend.host, answer.roundTripMs)}
          {answer.state === 'silent' && words.notAnswering(backend.host)}
        </span>
        <LanguageLinks />
      </footer>
    </main>
  );
}

/** Loads the server's information, and retries every few seconds until it answers. */
function useAnswer(backend: Backend): Answer {
  const [answer, setAnswer] = useState<Answer>({ state: 'asking' });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ended = false;
    const ask = async () => {
      const from = performance.now();
      try {
        const place = await backend.place();
        if (!ended)
          setAnswer({ state: 'answered', place, roundTripMs: Math.max(1, Math.round(performance.now() - from)) });
      } catch {
        if (ended) return;
        setAnswer({ state: 'silent' });
        timer = setTimeout(ask, 4_000);
      }
    };
    void ask();
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, [backend]);
  return answer;
}
