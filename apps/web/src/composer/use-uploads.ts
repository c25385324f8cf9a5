import type { FileRef } from '@everywire/chat';
import { useClient } from '@everywire/chat-react';
import { type ClipboardEvent, type DragEvent, useEffect, useRef, useState } from 'react';
import { codeOf } from '../app/backend.js';

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
  readonly done: Promise<FileRef>;
  readonly stop: AbortController;
}

export type Uploads = ReturnType<typeof useUploads>;

/** Files that will go along with the next message: they go up at once, and the message waits for those that are not there yet. */
export function useUploads(onFailure: (code: string | null) => void) {
  const client = useClient();
  const [items, setItems] = useState<readonly UploadItem[]>([]);
  const [sending, setSending] = useState(false);
  const running = useRef(new Map<number, Running>());
  const next = useRef(0);
  // Who leaves the conversation leaves what was not sent; it is swept away at the server.
  useEffect(() => () => stopAll(running.current), []);

  const change = (key: number, changes: Partial<UploadItem>) =>
    setItems((before) => before.map((item) => (item.key === key ? { ...item, ...changes } : item)));

  const start = (file: File) => {
    const key = next.current++;
    const stop = new AbortController();
    const onProgress = (sent: number) => change(key, { percent: Math.floor((sent / Math.max(1, file.size)) * 100) });
    const done = client.upload(file, { onProgress, signal: stop.signal });
    done.catch((failure: unknown) => {
      change(key, { failed: true });
      if (!stop.signal.aborted) onFailure(codeOf(failure));
    });
    running.current.set(key, { done, stop });
    const picture = file.type.startsWith('image/') ? URL.createObjectURL(file) : null;
    setItems((before) => [...before, { key, name: file.name, picture, percent: 0, failed: false }]);
  };
  const add = (files: Iterable<File>) => {
    onFailure(null);
    for (const file of files) start(file);
  };
  const remove = (key: number) => {
    running.current.get(key)?.stop.abort();
    running.current.delete(key);
    setItems((before) => before.filter((item) => item.key !== key));
  };
  /** Calls `say` with all of them once they are there; where one failed, nothing is said and they stay. */
  const finish = (say: (files: readonly FileRef[]) => void) => {
    if (running.current.size === 0) {
      say([]);
      return;
    }
    setSending(true);
    Promise.all([...running.current.values()].map(({ done }) => done))
      .then((files) => {
        running.current.clear();
        setItems([]);
        say(files);
      })
      .catch((failure: unknown) => onFailure(codeOf(failure)))
      .finally(() => setSending(false));
  };
  const onPaste = (event: ClipboardEvent) => {
    const files = [...event.clipboardData.files];
    if (files.length === 0) return;
    event.preventDefault();
    add(files);
  };
  const dropEvents = {
    onDragOver: (event: DragEvent) => {
      if (event.dataTransfer.types.includes('Files')) event.preventDefault();
    },
    onDrop: (event: DragEvent) => {
      if (event.dataTransfer.files.length === 0) return;
      event.preventDefault();
      add([...event.dataTransfer.files]);
    },
  };
  return { items, sending, add, remove, finish, onPaste, dropEvents };
}

function stopAll(running: ReadonlyMap<number, Running>): void {
  for (const { stop } of running.values()) stop.abort();
}
