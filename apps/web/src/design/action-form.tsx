import { type FormEvent, type ReactNode, useState } from 'react';
import { useAttempt } from '../app/use-attempt.js';
import { useWords } from '../i18n/words.js';
import { Problem } from './problem.js';

interface ActionFormProps {
  /** A row of the settings, or a card that fills the page. */
  readonly shape?: 'row' | 'card';
  readonly title: ReactNode;
  readonly text?: string;
  readonly button: string;
  readonly ready?: boolean;
  readonly act: () => Promise<void>;
  /** The text shown on success; by default "Saved". */
  readonly done?: string;
  readonly children?: ReactNode;
  /** For a card: links to alternatives, below the button. */
  readonly foot?: ReactNode;
}

/** Renders a form for one request to the server: title, fields, button, and the result. */
export function ActionForm(props: ActionFormProps) {
  const { shape = 'row', title, text = '', button, ready = true, act, done, children, foot } = props;
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
  if (shape === 'card') {
    return (
      <form className="card" onSubmit={submit} noValidate>
        <h1>{title}</h1>
        <p className="sub">{text}</p>
        {children}
        <Problem code={problem} />
        <button type="submit" className="button main" disabled={busy || !ready}>
          {button}
        </button>
        {foot}
      </form>
    );
  }
  return (
    <form
      className="opt opt-form"
      onSubmit={submit}
      noValidate
      aria-label={typeof title === 'string' ? title : undefined}
    >
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
