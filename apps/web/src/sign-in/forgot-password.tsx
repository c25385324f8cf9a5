import type { ServerInfo } from '@everywire/chat-client';
import { type FormEvent, useState } from 'react';
import type { Backend } from '../app/backend.js';
import { useAttempt } from '../app/use-attempt.js';
import { Problem } from '../design/problem.js';
import { TextField } from '../design/text-field.js';
import { useWords } from '../i18n/words.js';
import { AlternativeLink } from './alternative-link.js';

interface ForgotPasswordProps {
  readonly backend: Backend;
  /** How the reset link is delivered. Older servers do not say; they send a mail. */
  readonly way: ServerInfo['passwordReset'];
  readonly onBack: () => void;
}

/** Renders the request for a password reset link. The confirmation does not reveal whether the account exists. */
export function ForgotPassword({ backend, way = 'mail', onBack }: ForgotPasswordProps) {
  const words = useWords();
  const [who, setWho] = useState('');
  const [asked, setAsked] = useState(false);
  const { busy, problem, attempt } = useAttempt();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void attempt(async () => {
      await backend.links.askReset(who.trim());
      setAsked(true);
    });
  };
  const before = { mail: '', operator: words.resetByOperator, none: words.resetNowhere };
  const after = { mail: words.resetAsked, operator: words.resetAskedOperator, none: '' };
  return (
    <form className="card" onSubmit={submit} noValidate>
      <h1>{words.forgotPassword}</h1>
      <p className="sub" role="status">
        {(asked ? after : before)[way]}
      </p>
      {way !== 'none' && (
        <>
          <TextField label={words.resetWho} value={who} onChange={setWho} autoComplete="username" plain first />
          <Problem code={problem} />
          <button type="submit" className="button main" disabled={busy || who.trim() === ''}>
            {words.askReset[way]}
          </button>
        </>
      )}
      <AlternativeLink onClick={onBack}>{words.toSignInPage}</AlternativeLink>
    </form>
  );
}
