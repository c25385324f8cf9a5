import type { FileRef } from '@everywire/chat';
import type { ChatClient, ChatError, LocalFile } from '@everywire/chat-client';
import { codeOf } from '../app/backend.js';
import { fileAddress } from '../app/file-address.js';
import { isPicture } from '../pane/picture.js';
import { withoutSaid } from './use-text.js';

/** One file on its way up. */
export interface UploadItem {
  readonly key: number;
  readonly name: string;
  /** Of a picture: an address of its own bytes, to be seen at once. */
  readonly picture: string | null;
  /** 0 to 100. */
  readonly percent: number;
  readonly failed: boolean;
  /** There was no connection: it goes up by itself when there is one. */
  readonly waiting: boolean;
}

interface Running {
  /** Kept, so that what failed can go up again: nobody speaks a voice message twice. `null` for what is up already. */
  readonly file: File | null;
  readonly done: Promise<FileRef>;
  readonly uploaded: FileRef | null;
  readonly stop: AbortController;
  /** Why it is not up; `null` while it goes up, and once it is. */
  readonly failed: string | null;
}

interface AttachmentsSnapshot {
  readonly items: readonly UploadItem[];
  /** A message waits for what is here. */
  readonly sending: boolean;
}

/** The composer that shows a attachments. */
export interface AttachmentsListener {
  /** `null` as something is begun: what was said before is over. */
  onFailure(code: string | null): void;
  /** The message that waited is said: its text is no draft any more. */
  onSaid(text: string): void;
}

export interface MessageWithAttachments {
  readonly text: string;
  /** Puts it into the outbox; answers why where it was not taken. */
  readonly send: (files: readonly (FileRef | LocalFile)[]) => ChatError | null;
  /** Where no composer is on show any more. */
  readonly readDraft: () => string;
  readonly keepDraft: (text: string) => void;
}

/**
 * Files that will go along with the next message of one conversation or thread: they go up at once, and the message waits for those that are not
 * there yet. Without a connection the message goes into the outbox with the bytes of its files, which outlives the page. It all goes on while another
 * conversation is open; what fails then is told when one is back.
 */
export class PendingAttachments {
  readonly #upload: ChatClient['upload'];
  readonly #isConnected: () => boolean;
  readonly #running = new Map<number, Running>();
  readonly #listeners = new Set<() => void>();
  #snapshot: AttachmentsSnapshot = { items: [], sending: false };
  #next = 0;
  #composer: AttachmentsListener | null = null;
  #unreported: string | null = null;

  constructor(upload: ChatClient['upload'], isConnected: () => boolean) {
    this.#upload = upload;
    this.#isConnected = isConnected;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getSnapshot = (): AttachmentsSnapshot => this.#snapshot;

  /** Until the function it answers is called, this composer is told. */
  attach(composer: AttachmentsListener): () => void {
    this.#composer = composer;
    if (this.#unreported !== null) composer.onFailure(this.#unreported);
    this.#unreported = null;
    return () => {
      this.#composer = null;
    };
  }

  readonly add = (files: Iterable<File>): void => {
    this.#report(null);
    for (const file of files) {
      const key = this.#next++;
      const picture = file.type.startsWith('image/') ? URL.createObjectURL(file) : null;
      this.#show([
        ...this.#snapshot.items,
        { key, name: file.name, picture, percent: 0, failed: false, waiting: false },
      ]);
      this.#begin(key, file);
    }
  };

  /** Files of a message that was not sent: they are up already. */
  put(files: readonly FileRef[]): void {
    for (const file of files) {
      const key = this.#next++;
      const done = Promise.resolve(file);
      this.#running.set(key, { file: null, done, uploaded: file, stop: new AbortController(), failed: null });
      const picture = isPicture(file) ? `${fileAddress(file.id)}/preview` : null;
      this.#show([
        ...this.#snapshot.items,
        { key, name: file.name, picture, percent: 100, failed: false, waiting: false },
      ]);
    }
  }

  readonly retry = (key: number): void => {
    const before = this.#running.get(key);
    if (before === undefined || before.failed === null || before.file === null) return;
    this.#report(null);
    this.#change(key, { failed: false, waiting: false, percent: 0 });
    this.#begin(key, before.file);
  };

  /** The connection is back: what waited for it goes up. */
  readonly resume = (): void => {
    for (const [key, { failed }] of this.#running) if (failed === 'offline') this.retry(key);
  };

  readonly remove = (key: number): void => {
    this.#running.get(key)?.stop.abort();
    this.#drop([key]);
  };

  /**
   * Sends it with all that is here now, once that is up, what failed before being tried again; where one fails, nothing is said and they stay. Where
   * there is no connection it is sent with the bytes of what is not up.
   */
  finish(message: MessageWithAttachments): void {
    // At once, before anything is drawn anew: a second tap sends nothing.
    if (this.#snapshot.sending) return;
    const keys = [...this.#running.keys()];
    if (keys.length === 0) {
      this.#say(message, []);
      return;
    }
    const connected = this.#isConnected();
    if (connected) for (const key of keys) this.retry(key);
    this.#set({ sending: true });
    const all = (take: (one: Running) => Promise<FileRef | LocalFile>) =>
      Promise.all(keys.flatMap((key) => this.#running.get(key) ?? []).map(take));
    (connected ? all(({ done }) => done) : all(uploadedOrLocal))
      .catch((failure: unknown) => {
        if (codeOf(failure) === 'offline') return all(uploadedOrLocal);
        throw failure;
      })
      .then(
        (files) => {
          // One that was taken away meanwhile takes the message back.
          if (!keys.every((key) => this.#running.has(key))) return;
          if (this.#say(message, files)) this.#drop(keys);
        },
        () => undefined, // Each upload reports its own failure; one that was taken away has none.
      )
      .finally(() => this.#set({ sending: false }));
  }

  /** Signed out: nothing goes up any more, and nothing is sent. */
  stop(): void {
    for (const { stop } of this.#running.values()) stop.abort();
    this.#drop([...this.#running.keys()]);
  }

  #begin(key: number, file: File): void {
    const stop = new AbortController();
    const onProgress = (sent: number) =>
      this.#change(key, { percent: Math.floor((sent / Math.max(1, file.size)) * 100) });
    const done = this.#upload(file, { onProgress, signal: stop.signal });
    const one: Running = { file, done, uploaded: null, stop, failed: null };
    const end = (uploaded: FileRef): void => {
      if (this.#running.get(key)?.done === done) this.#running.set(key, { ...one, uploaded });
    };
    done.then(end, (failure: unknown) => {
      if (stop.signal.aborted) return;
      const failed = codeOf(failure);
      const waiting = failed === 'offline';
      this.#running.set(key, { ...one, failed });
      this.#change(key, { failed: !waiting, waiting });
      if (!waiting) this.#report(failed);
    });
    this.#running.set(key, one);
  }

  /** Whether it was taken. */
  #say({ text, send, readDraft, keepDraft }: MessageWithAttachments, files: readonly (FileRef | LocalFile)[]): boolean {
    // Before it is sent, which empties the draft.
    const rest = withoutSaid(readDraft(), text);
    const error = send(files);
    if (error !== null) this.#report(error.code);
    else if (this.#composer === null) keepDraft(rest);
    else this.#composer.onSaid(text);
    return error === null;
  }

  #report(code: string | null): void {
    if (this.#composer === null) this.#unreported = code;
    else this.#composer.onFailure(code);
  }

  #drop(keys: readonly number[]): void {
    for (const key of keys) {
      const one = this.#running.get(key);
      // It goes up with its message from now on.
      if (one?.uploaded === null) one.stop.abort();
      this.#running.delete(key);
    }
    const { items } = this.#snapshot;
    for (const { key, picture } of items)
      if (keys.includes(key) && picture?.startsWith('blob:')) URL.revokeObjectURL(picture);
    this.#show(items.filter(({ key }) => !keys.includes(key)));
  }

  #change(key: number, changes: Partial<UploadItem>): void {
    this.#show(this.#snapshot.items.map((item) => (item.key === key ? { ...item, ...changes } : item)));
  }

  #show(items: readonly UploadItem[]): void {
    this.#set({ items });
  }

  #set(changes: Partial<AttachmentsSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...changes };
    for (const listener of this.#listeners) listener();
  }
}

/** What is up already, or else its bytes. */
async function uploadedOrLocal({ file, uploaded, done }: Running): Promise<FileRef | LocalFile> {
  if (uploaded !== null || file === null) return uploaded ?? done;
  return { name: file.name, type: file.type, bytes: await file.arrayBuffer() };
}
