import type { FileRef } from '@everywire/chat';
import { useClient } from '@everywire/chat-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useAttempt } from '../app/use-attempt.js';
import { useWords } from '../i18n/words.js';
import { Avatar } from './avatar.js';
import { Problem } from './problem.js';

/** What the server reads as a picture. */
const types = 'image/jpeg,image/png,image/gif,image/webp';

interface PictureFormProps {
  /** Whom or what it is a picture of. */
  readonly of: { readonly id: number; readonly name: string; readonly kind: 'person' | 'group' };
  /** What it is now. */
  readonly picture: string | null | undefined;
  /** Who sees it. */
  readonly text: string;
  readonly set: (upload: FileRef) => Promise<void>;
  readonly remove: () => Promise<void>;
}

/** A picture beside a name: chosen, looked at, then saved; or none any more. */
export function PictureForm({ of, picture, text, set, remove }: PictureFormProps) {
  const words = useWords();
  const client = useClient();
  const { busy, problem, attempt, clear } = useAttempt();
  const [chosen, setChosen] = useState<File | null>(null);
  const [percent, setPercent] = useState<number | null>(null);
  const [done, setDone] = useState('');
  const preview = usePreview(chosen);
  const input = useRef<HTMLInputElement>(null);
  const choose = useRef<HTMLButtonElement>(null);
  const sending = useRef<AbortController>(null);
  /** The button that was pressed is gone: the focus goes to the one that stays, as soon as it takes it. */
  const focusBack = useRef(false);
  useEffect(() => {
    if (busy || !focusBack.current) return;
    focusBack.current = false;
    choose.current?.focus();
  });
  // Who closes the settings leaves what was not saved.
  useEffect(() => () => sending.current?.abort(), []);

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
    sending.current = stop;
    setPercent(0);
    const onProgress = (sent: number) => setPercent(Math.floor((sent / Math.max(1, file.size)) * 100));
    try {
      const upload = await client.upload(file, { onProgress, signal: stop.signal });
      if (stop.signal.aborted) return;
      await set(upload);
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
    sending.current?.abort();
    clear();
    finish('');
  };
  const takeAway = () =>
    attempt(async () => {
      setDone('');
      await remove();
      finish(words.avatarRemoved);
    });
  return (
    <form className="opt opt-form" aria-label={words.avatar} onSubmit={save}>
      <b>{words.avatar}</b>
      <p>{text}</p>
      <div className="fields avatar-fields">
        <Avatar {...of} picture={preview ?? picture} size="large" />
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
            {chosen === null && picture != null && (
              <button type="button" className="button" disabled={busy} onClick={() => void takeAway()}>
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
