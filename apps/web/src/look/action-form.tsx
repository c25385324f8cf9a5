import { type FormEvent, type ReactNode, useState } from 'react';
import { useAttempt } from '../app/use-attempt.js';
import { useWords } from '../i18n/words.js';
import { Problem } from './problem.js';

interface ActionFormProps {
  /** A row of the settings, or a card with the page to itself. */
  readonly shape?: 'row' | 'card';
  readonly title: ReactNode;
  readonly text?: string;
  readonly button: string;
  readonly ready?: boolean;
  readonly act: () => Promise<void>;
  /** Said when it is done; without it “saved”. */
  readonly done?: string;
  readonly children?: ReactNode;
  /** Of a card: what one may do instead. */
  readonly foot?: ReactNode;
}

/** One thing that the server is asked to do: its name, what it takes, the button, and how it went. */
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
