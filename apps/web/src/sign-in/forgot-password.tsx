import { type FormEvent, useState } from 'react';
import type { Backend } from '../app/backend.js';
import { useAttempt } from '../app/use-attempt.js';
import { useWords } from '../i18n/words.js';
import { Problem } from '../look/problem.js';
import { TextField } from '../look/text-field.js';

/** Asks for a link to a new password. What it says afterwards does not tell whether there is such a person. */
export function ForgotPassword({ backend, onBack }: { readonly backend: Backend; readonly onBack: () => void }) {
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
  return (
    <form className="card" onSubmit={submit} noValidate>
      <h1>{words.forgotPassword}</h1>
      <p className="sub" role="status">
        {asked ? words.resetAsked : ''}
      </p>
      <TextField label={words.resetWho} value={who} onChange={setWho} autoComplete="username" plain />
      <Problem code={problem} />
      <button type="submit" className="button main" disabled={busy || who.trim() === ''}>
        {words.askReset}
      </button>
      <p className="or">
        <button type="button" className="link" onClick={onBack}>
          {words.toSignInPage}
        </button>
      </p>
    </form>
  );
}
