import type { ServerInfo, SignedIn } from '@everywire/chat-client';
import { useEffect, useState } from 'react';
import type { Backend } from '../app/backend.js';
import { useWords } from '../i18n/words.js';
import { WireGlyph } from '../wire/wire-glyph.js';
import '../wire/wire.css';
import { LanguageLinks } from './language-links.js';
import { SignInForm } from './sign-in-form.js';
import { Sky } from './sky.js';
import './sign-in.css';

/** What is known of the server: nothing yet, its answer and how long it took, or that it does not answer. */
type Answer =
  | { readonly state: 'asking' }
  | { readonly state: 'answered'; readonly place: ServerInfo; readonly roundTripMs: number }
  | { readonly state: 'silent' };

/** Log in or register. Names the place and who runs it, not the software. */
export function SignInPage({
  backend,
  ended,
  onSignedIn,
}: {
  readonly backend: Backend;
  /** The sign-in of before was ended by the server. */
  readonly ended: boolean;
  readonly onSignedIn: (account: SignedIn) => void;
}) {
  const words = useWords();
  const answer = useAnswer(backend);
  const place = answer.state === 'answered' ? answer.place : null;
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

/** Asks the server who it is, and again every few seconds while it does not answer. */
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
