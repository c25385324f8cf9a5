import type { Person } from '@everywire/chat-client';
import { useClient } from '@everywire/chat-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useAccount } from '../app/account-context.js';
import { useAttempt } from '../app/use-attempt.js';
import { useWords } from '../i18n/words.js';
import { Avatar } from '../look/avatar.js';
import { Problem } from '../look/problem.js';

/** What the server reads as a picture. */
const types = 'image/jpeg,image/png,image/gif,image/webp';

interface AvatarSettingsProps {
  readonly me: Person;
  readonly onChanged: () => void;
}

/** The picture beside one's name: chosen, looked at, then saved; or none any more. */
export function AvatarSettings({ me, onChanged }: AvatarSettingsProps) {
  const words = useWords();
  const account = useAccount();
  const client = useClient();
  const { busy, problem, attempt, clear } = useAttempt();
  const [chosen, setChosen] = useState<File | null>(null);
  const [percent, setPercent] = useState<number | null>(null);
  const [done, setDone] = useState('');
  const preview = usePreview(chosen);
  const input = useRef<HTMLInputElement>(null);
  const choose = useRef<HTMLButtonElement>(null);
  const upload = useRef<AbortController>(null);
  /** The button that was pressed is gone: the focus goes to the one that stays, as soon as it takes it. */
  const focusBack = useRef(false);
  useEffect(() => {
    if (busy || !focusBack.current) return;
    focusBack.current = false;
    choose.current?.focus();
  });
  // Who closes the settings leaves what was not saved.
  useEffect(() => () => upload.current?.abort(), []);

  const take = (file: File | null) => {
    clear();
    setDone('');
    setChosen(file);
  };
  const finish = (said: string) => {
    setChosen(null);
    setDone(said);
    focusBack.current = true;
  };
  const send = async (file: File) => {
    const stop = new AbortController();
    upload.current = stop;
    setPercent(0);
    const onProgress = (sent: number) => setPercent(Math.floor((sent / Math.max(1, file.size)) * 100));
    try {
      const { id } = await client.upload(file, { onProgress, signal: stop.signal });
      if (stop.signal.aborted) return;
      await account.setAvatar(id);
      onChanged();
      finish(words.saved);
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    } finally {
      setPercent(null);
    }
  };
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (chosen !== null) void attempt(() => send(chosen));
  };
  const cancel = () => {
    upload.current?.abort();
    clear();
    finish('');
  };
  const remove = () =>
    attempt(async () => {
      setDone('');
      await account.removeAvatar();
      onChanged();
      finish(words.avatarRemoved);
    });
  return (
    <form className="opt opt-form" aria-label={words.avatar} onSubmit={save}>
      <b>{words.avatar}</b>
      <p>{words.avatarWords}</p>
      <div className="fields avatar-fields">
        <Avatar id={me.id} name={me.displayName} kind="person" picture={preview ?? me.avatar} size="large" />
        <div>
          <p className="row">
            <button
              ref={choose}
              type="button"
              className="button"
              disabled={busy}
              onClick={() => input.current?.click()}
            >
              {words.chooseAvatar}
            </button>
            {chosen !== null && (
              <>
                <button type="submit" className="button main" disabled={busy}>
                  {words.save}
                </button>
                <button type="button" className="button" onClick={cancel}>
                  {words.cancel}
                </button>
              </>
            )}
            {chosen === null && me.avatar !== undefined && (
              <button type="button" className="button" disabled={busy} onClick={() => void remove()}>
                {words.removeAvatar}
              </button>
            )}
          </p>
          {percent !== null && chosen !== null && (
            <progress value={percent} max={100} aria-label={words.messages.uploading(chosen.name, percent)} />
          )}
          <p role="status">{chosen !== null && percent === null ? words.avatarChosen(chosen.name) : done}</p>
          <Problem code={problem} />
        </div>
      </div>
      <input
        ref={input}
        type="file"
        accept={types}
        hidden
        tabIndex={-1}
        aria-hidden="true"
        onChange={({ target }) => {
          const file = target.files?.[0];
          if (file !== undefined) take(file);
          // The same file may be chosen again.
          target.value = '';
        }}
      />
    </form>
  );
}

/** An address of the file's own bytes, for as long as it is chosen. */
function usePreview(file: File | null): string | null {
  const [preview, setPreview] = useState<string | null>(null);
  useEffect(() => {
    if (file === null) return;
    const address = URL.createObjectURL(file);
    setPreview(address);
    return () => {
      setPreview(null);
      URL.revokeObjectURL(address);
    };
  }, [file]);
  return preview;
}
