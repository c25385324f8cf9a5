import type { FileRef } from '@everywire/chat';
import { useClient } from '@everywire/chat-react';
import { type ClipboardEvent, useEffect, useRef, useState } from 'react';
import { codeOf } from '../app/backend.js';
import { fileAddress } from '../app/file-address.js';
import { isPicture } from '../pane/picture.js';

/** One file on its way up. */
export interface UploadItem {
  readonly key: number;
  readonly name: string;
  /** Of a picture: an address of its own bytes, to be seen at once. */
  readonly picture: string | null;
  /** 0 to 100. */
  readonly percent: number;
  readonly failed: boolean;
}

interface Running {
  /** Kept, so that what failed can go up again: nobody speaks a voice message twice. `null` for what is up already. */
  readonly file: File | null;
  readonly done: Promise<FileRef>;
  readonly stop: AbortController;
  readonly failed: boolean;
}

export type Uploads = ReturnType<typeof useUploads>;

/** Files that will go along with the next message: they go up at once, and the message waits for those that are not there yet. */
export function useUploads(onFailure: (code: string | null) => void) {
  const client = useClient();
  const [items, setItems] = useState<readonly UploadItem[]>([]);
  const [sending, setSending] = useState(false);
  const running = useRef(new Map<number, Running>());
  const next = useRef(0);
  /** At once, before anything is drawn anew: a second tap sends nothing. */
  const finishing = useRef(false);
  // Who leaves the conversation leaves what was not sent; it is swept away at the server.
  useEffect(() => () => stopAll(running.current), []);

  const change = (key: number, changes: Partial<UploadItem>) =>
    setItems((before) => before.map((item) => (item.key === key ? { ...item, ...changes } : item)));

  const begin = (key: number, file: File) => {
    const stop = new AbortController();
    const onProgress = (sent: number) => change(key, { percent: Math.floor((sent / Math.max(1, file.size)) * 100) });
    const done = client.upload(file, { onProgress, signal: stop.signal });
    const one: Running = { file, done, stop, failed: false };
    done.catch((failure: unknown) => {
      if (stop.signal.aborted) return;
      running.current.set(key, { ...one, failed: true });
      change(key, { failed: true });
      onFailure(codeOf(failure));
    });
    running.current.set(key, one);
  };
  const start = (file: File) => {
    const key = next.current++;
    begin(key, file);
    const picture = file.type.startsWith('image/') ? URL.createObjectURL(file) : null;
    setItems((before) => [...before, { key, name: file.name, picture, percent: 0, failed: false }]);
  };
  const add = (files: Iterable<File>) => {
    onFailure(null);
    for (const file of files) start(file);
  };
  /** Files of a message that was not sent: they are up already. */
  const put = (files: readonly FileRef[]) => {
    const items = files.map((file): UploadItem => {
      const key = next.current++;
      const done = Promise.resolve(file);
      running.current.set(key, { file: null, done, stop: new AbortController(), failed: false });
      const picture = isPicture(file) ? `${fileAddress(file.id)}/preview` : null;
      return { key, name: file.name, picture, percent: 100, failed: false };
    });
    if (items.length > 0) setItems((before) => [...before, ...items]);
  };
  const retry = (key: number) => {
    const before = running.current.get(key);
    if (before?.failed !== true || before.file === null) return;
    onFailure(null);
    change(key, { failed: false, percent: 0 });
    begin(key, before.file);
  };
  const remove = (key: number) => {
    running.current.get(key)?.stop.abort();
    running.current.delete(key);
    setItems((before) => before.filter((item) => item.key !== key));
  };
  /** Calls `say` with all that are here now, once they are up, what failed before being tried again; where one fails, nothing is said and they stay. */
  const finish = (say: (files: readonly FileRef[]) => void) => {
    if (finishing.current) return;
    const keys = [...running.current.keys()];
    if (keys.length === 0) {
      say([]);
      return;
    }
    for (const key of keys) retry(key);
    finishing.current = true;
    setSending(true);
    Promise.all(keys.map((key) => running.current.get(key)?.done))
      .then((files) => {
        for (const key of keys) running.current.delete(key);
        setItems((before) => before.filter((item) => !keys.includes(item.key)));
        say(files.flatMap((file) => file ?? []));
      })
      .catch((failure: unknown) => onFailure(codeOf(failure)))
      .finally(() => {
        finishing.current = false;
        setSending(false);
      });
  };
  const onPaste = (event: ClipboardEvent) => {
    const files = [...event.clipboardData.files];
    if (files.length === 0) return;
    event.preventDefault();
    add(files);
  };
  return { items, sending, add, put, remove, retry, finish, onPaste };
}

function stopAll(running: ReadonlyMap<number, Running>): void {
  for (const { stop } of running.values()) stop.abort();
}
