import type { FileRef } from '@everywire/chat';
import { useClient } from '@everywire/chat-react';
import { type FormEvent, type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { useAttempt } from '../app/use-attempt.js';
import { useWords } from '../i18n/words.js';
import { Avatar } from './avatar.js';
import { Problem } from './problem.js';

/** The picture formats that the server accepts. */
const TYPES = 'image/jpeg,image/png,image/gif,image/webp';

interface Pictured {
  /** The person or group shown. */
  readonly of: { readonly id: number; readonly name: string; readonly kind: 'person' | 'group' };
  /** The current picture. */
  readonly picture: string | null | undefined;
}

interface PictureFormProps extends Pictured {
  readonly title: string;
  /** Says who sees the picture. */
  readonly text: string;
  readonly set: (upload: FileRef) => Promise<void>;
  readonly remove: () => Promise<void>;
  /** Fields that are saved together with the picture, by the same button. */
  readonly fields?: {
    readonly changed: boolean;
    /** False if the fields cannot be saved, for example without a name. */
    readonly valid?: boolean;
    readonly save: () => Promise<void>;
    readonly shown: ReactNode;
  };
}

/** Renders a form for a picture and the fields next to it: choose, preview and save with one button, or remove the picture. */
export function PictureForm({ of, picture, title, text, set, remove, fields }: PictureFormProps) {
  const words = useWords();
  const { busy, problem, attempt, clear } = useAttempt();
  const [chosen, setChosen] = useState<File | null>(null);
  const [done, setDone] = useState('');
  const upload = useUpload(set);
  const choose = useRef<HTMLButtonElement>(null);
  const focusLater = useFocusOnceFree(choose, busy);
  const take = (file: File | null) => {
    clear();
    setDone('');
    setChosen(file);
  };
  const finish = (said: string) => {
    setChosen(null);
    setDone(said);
    focusLater();
  };
  const save = (event: FormEvent) => {
    event.preventDefault();
    void attempt(async () => {
      // The fields are saved first, because they may be refused, and then the upload would be wasted.
      if (fields?.changed === true) await fields.save();
      if (chosen === null || (await upload.send(chosen))) finish(words.saved);
    });
  };
  const cancel = () => {
    upload.stop();
    clear();
    finish('');
  };
  const takeAway = () =>
    attempt(async () => {
      setDone('');
      await remove();
      finish(words.avatarRemoved);
    });
  const { percent } = upload;
  const ready = fields?.valid !== false && (chosen !== null || fields?.changed === true);
  return (
    <form className="opt opt-form" aria-label={title} onSubmit={save} noValidate>
      <b>{title}</b>
      <p>{text}</p>
      <div className="fields">
        <div className="avatar-fields">
          <ChosenAvatar of={of} picture={picture} chosen={chosen} />
          <div>
            <p className="row">
              <PictureInput choose={choose} busy={busy} onChoose={take} />
              {chosen !== null && (
                <button type="button" className="button" onClick={cancel}>
                  {words.cancel}
                </button>
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
          </div>
        </div>
        {fields?.shown}
        <p className="row">
          <button type="submit" className="button" disabled={busy || !ready}>
            {words.save}
          </button>
          <span role="status">{chosen !== null && percent === null ? words.avatarChosen(chosen.name) : done}</span>
        </p>
        <Problem code={problem} />
      </div>
    </form>
  );
}

/** Renders the avatar as it will be after saving. */
function ChosenAvatar({ of, picture, chosen }: Pictured & { readonly chosen: File | null }) {
  const preview = usePreview(chosen);
  return <Avatar {...of} picture={preview ?? picture} size="large" />;
}

interface PictureInputProps {
  readonly choose: RefObject<HTMLButtonElement | null>;
  readonly busy: boolean;
  readonly onChoose: (file: File) => void;
}

function PictureInput({ choose, busy, onChoose }: PictureInputProps) {
  const words = useWords();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button ref={choose} type="button" className="button" disabled={busy} onClick={() => input.current?.click()}>
        {words.chooseAvatar}
      </button>
      <input
        ref={input}
        type="file"
        accept={TYPES}
        hidden
        tabIndex={-1}
        aria-hidden="true"
        onChange={({ target }) => {
          const file = target.files?.[0];
          if (file !== undefined) onChoose(file);
          // Allows the same file to be chosen again.
          target.value = '';
        }}
      />
    </>
  );
}

/** Uploads and sets a picture. `send` returns whether it was set; `stop` and unmounting abort it. */
function useUpload(set: (upload: FileRef) => Promise<void>): {
  readonly percent: number | null;
  readonly send: (file: File) => Promise<boolean>;
  readonly stop: () => void;
} {
  const client = useClient();
  const [percent, setPercent] = useState<number | null>(null);
  const sending = useRef<AbortController>(null);
  useEffect(() => () => sending.current?.abort(), []);
  const send = async (file: File) => {
    const stop = new AbortController();
    sending.current = stop;
    setPercent(0);
    const onProgress = (sent: number) => setPercent(Math.floor((sent / Math.max(1, file.size)) * 100));
    try {
      const upload = await client.upload(file, { onProgress, signal: stop.signal });
      if (stop.signal.aborted) return false;
      await set(upload);
      return true;
    } catch (error) {
      if (stop.signal.aborted) return false;
      throw error;
    } finally {
      setPercent(null);
    }
  };
  return { percent, send, stop: () => sending.current?.abort() };
}

/**
 * Returns a function that focuses the button as soon as it is enabled, if the pressed button was removed or disabled. After Enter in a
 * field, the focus stays there.
 */
function useFocusOnceFree(button: RefObject<HTMLButtonElement | null>, busy: boolean): () => void {
  const wanted = useRef(false);
  useEffect(() => {
    if (busy || !wanted.current) return;
    wanted.current = false;
    const focused = document.activeElement;
    // A lost focus is on the body, or on the dialog that traps it.
    if (focused === null || focused.contains(button.current) || focused.matches(':disabled')) button.current?.focus();
  });
  return () => {
    wanted.current = true;
  };
}

/** Returns a `blob:` URL of the file while it is chosen. */
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
