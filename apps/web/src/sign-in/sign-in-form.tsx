import type { ServerInfo, SignedIn } from '@everywire/chat-client';
import { CircleAlert } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { type Backend, codeOf } from '../app/backend.js';
import { Fill } from '../i18n/fill.js';
import { errorWords, sentence, useWords } from '../i18n/words.js';
import { Icon } from '../look/icon.js';
import { TextField } from '../look/text-field.js';

interface SignInFormProps {
  readonly backend: Backend;
  readonly place: ServerInfo | null;
  readonly onSignedIn: (account: SignedIn) => void;
}

/** One form for both: a new person also says the name others see. */
export function SignInForm({ backend, place, onSignedIn }: SignInFormProps) {
  const words = useWords();
  const [joining, setJoining] = useState(false);
  const [name, setName] = useState('');
  const [displayName, setDisplayName] = useState('');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      const credentials = { name: name.trim(), password };
      onSignedIn(
        joining
          ? await backend.register({ ...credentials, displayName: displayName.trim() })
          : await backend.signIn(credentials),
      );
    } catch (error) {
      setProblem(codeOf(error));
      setBusy(false);
    }
  };

  const heading = joining ? words.registerAt : words.signInTo;
  return (
    <form className="card" onSubmit={submit} noValidate>
      <h1>
        <Fill sentence={heading} place={<bdi>{place?.name ?? backend.host}</bdi>} />
      </h1>
      <p className="sub">
        {place !== null && place.runBy !== '' && <Fill sentence={words.runBy} owner={<bdi>{place.runBy}</bdi>} />}
        {place !== null && place.runBy === '' && words.runBySomeone}
      </p>
      <TextField
        label={words.userName}
        hint={joining ? words.userNameHint : undefined}
        value={name}
        onChange={setName}
        autoComplete="username"
        plain
      />
      {joining && (
        <TextField label={words.displayName} value={displayName} onChange={setDisplayName} autoComplete="name" />
      )}
      <TextField
        label={words.password}
        hint={joining ? words.passwordHint : undefined}
        value={password}
        onChange={setPassword}
        autoComplete={joining ? 'new-password' : 'current-password'}
        type="password"
      />
      <div role="alert">
        {problem !== null && (
          <p className="problem">
            <Icon of={CircleAlert} size={16} />
            {sentence(errorWords(words, problem))}
          </p>
        )}
      </div>
      <button type="submit" className="button main" disabled={busy || name.trim() === '' || password === ''}>
        {joining ? words.register : words.signIn}
      </button>
      {place?.registration !== 'closed' && (
        <p className="or">
          <button
            type="button"
            className="link"
            onClick={() => {
              setJoining(!joining);
              setProblem(null);
            }}
          >
            {joining ? words.toSignIn : words.toRegister}
          </button>
        </p>
      )}
    </form>
  );
}
