import { type FormEvent, type ReactNode, useState } from 'react';
import { useAttempt } from '../app/use-attempt.js';
import { useWords } from '../i18n/words.js';
import { Problem } from '../look/problem.js';

interface ActFormProps {
  readonly title: string;
  readonly text?: string;
  readonly button: string;
  readonly ready?: boolean;
  readonly act: () => Promise<void>;
  /** Said when it is done; without it “saved”. */
  readonly done?: string;
  readonly children?: ReactNode;
}

/** One thing in the settings that the server is asked to do: its name, what it takes, the button, and how it went. */
export function ActForm({ title, text = '', button, ready = true, act, done, children }: ActFormProps) {
  const words = useWords();
  const [isDone, setIsDone] = useState(false);
  const { busy, problem, attempt } = useAttempt();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setIsDone(false);
    void attempt(async () => {
      await act();
      setIsDone(true);
    });
  };
  return (
    <form className="opt opt-form" onSubmit={submit} noValidate aria-label={title}>
      <b>{title}</b>
      <p>{text}</p>
      <div className="fields">
        {children}
        <p className="row">
          <button type="submit" className="button" disabled={busy || !ready}>
            {button}
          </button>
          <span role="status">{isDone && (done ?? words.saved)}</span>
        </p>
        <Problem code={problem} />
      </div>
    </form>
  );
}
