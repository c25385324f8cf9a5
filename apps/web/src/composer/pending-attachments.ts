import type { FileRef } from '@everywire/chat';
import type { ChatClient, ChatError, LocalFile } from '@everywire/chat-client';
import { codeOf } from '../app/backend.js';
import { fileAddress } from '../app/file-address.js';
import { isPicture } from '../pane/picture.js';
import { withoutSentText } from './use-text.js';

/** One file of the next message. */
export interface UploadItem {
  readonly key: number;
  readonly name: string;
  /** For a picture: the URL of a preview, which for a local file is a `blob:` URL. */
  readonly picture: string | null;
  readonly sizeBytes: number;
  /** 0 to 100. */
  readonly percent: number;
  readonly failed: boolean;
  /** The upload failed because there is no connection. It starts again when the connection returns. */
  readonly waiting: boolean;
}

interface PendingUpload {
  /**
   * Kept so that a failed upload can be retried: a voice message cannot be recorded again. `null` for a file that was already uploaded when
   * added.
   */
  readonly file: File | null;
  readonly done: Promise<FileRef>;
  readonly uploaded: FileRef | null;
  readonly stop: AbortController;
  /** The error code of the upload; `null` while it runs and after it succeeded. */
  readonly failed: string | null;
}

interface AttachmentsSnapshot {
  readonly items: readonly UploadItem[];
  /** A message waits for these uploads. */
  readonly sending: boolean;
}

/** The composer that shows the attachments. */
export interface AttachmentsListener {
  /** Reports an error code, or `null` to clear the previous error when a new action begins. */
  onFailure(code: string | null): void;
  /** The message was sent, so its text must be removed from the draft. */
  onSent(text: string): void;
}

/** A message to send once its attachments are uploaded. */
export interface MessageWithAttachments {
  readonly text: string;
  /** Puts the message into the outbox. Returns the error if it was refused, otherwise `null`. */
  readonly send: (files: readonly (FileRef | LocalFile)[]) => ChatError | null;
  /** Used to update the draft when no composer is attached. */
  readonly readDraft: () => string;
  readonly keepDraft: (text: string) => void;
}

/**
 * Files to be sent with the next message of one conversation or thread. Uploads start immediately, and the message waits for them. Without
 * a connection, the message goes into the outbox with the bytes of its files, which survives a reload. Uploads continue while another
 * conversation is open; an error is reported to the next composer that attaches.
 */
export class PendingAttachments {
  readonly #upload: ChatClient['upload'];
  readonly #isConnected: () => boolean;
  readonly #uploads = new Map<number, PendingUpload>();
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

  /** Reports failures and sent messages to this composer until the returned function is called. */
  attach(composer: AttachmentsListener): () => void {
    this.#composer = composer;
    if (this.#unreported !== null) composer.onFailure(this.#unreported);
    this.#unreported = null;
    return () => {
      this.#composer = null;
    };
  }

  /** Adds local files and starts their uploads. */
  readonly add = (files: Iterable<File>): void => {
    this.#report(null);
    for (const file of files) {
      const key = this.#next++;
      const picture = file.type.startsWith('image/') ? URL.createObjectURL(file) : null;
      this.#show([
        ...this.#snapshot.items,
        { key, name: file.name, sizeBytes: file.size, picture, percent: 0, failed: false, waiting: false },
      ]);
      this.#startUpload(key, file);
    }
  };

  /** Adds files of a message that was not sent. They are uploaded already. */
  addUploaded(files: readonly FileRef[]): void {
    for (const file of files) {
      const key = this.#next++;
      const done = Promise.resolve(file);
      this.#uploads.set(key, { file: null, done, uploaded: file, stop: new AbortController(), failed: null });
      const picture = isPicture(file) ? `${fileAddress(file.id)}/preview` : null;
      this.#show([
        ...this.#snapshot.items,
        { key, name: file.name, sizeBytes: file.size, picture, percent: 100, failed: false, waiting: false },
      ]);
    }
  }

  /** Uploads a failed file again. No-op for any other. */
  readonly retry = (key: number): void => {
    const before = this.#uploads.get(key);
    if (before === undefined || before.failed === null || before.file === null) return;
    this.#report(null);
    this.#change(key, { failed: false, waiting: false, percent: 0 });
    this.#startUpload(key, before.file);
  };

  /** Uploads the files again that failed for lack of a connection. */
  readonly resume = (): void => {
    for (const [key, { failed }] of this.#uploads) if (failed === 'offline') this.retry(key);
  };

  /** Removes a file and cancels its upload. */
  readonly remove = (key: number): void => {
    this.#uploads.get(key)?.stop.abort();
    this.#drop([key]);
  };

  /**
   * Sends the message once all current files are uploaded, and retries the failed ones first. If one fails, the message is not sent and the
   * files stay. Without a connection, sends it with the bytes of the files that are not uploaded.
   */
  send(message: MessageWithAttachments): void {
    // Checked synchronously, before the next render: a second tap must not send twice.
    if (this.#snapshot.sending) return;
    const keys = [...this.#uploads.keys()];
    if (keys.length === 0) {
      this.#submit(message, []);
      return;
    }
    const connected = this.#isConnected();
    if (connected) for (const key of keys) this.retry(key);
    this.#set({ sending: true });
    const all = (take: (one: PendingUpload) => Promise<FileRef | LocalFile>) =>
      Promise.all(keys.flatMap((key) => this.#uploads.get(key) ?? []).map(take));
    (connected ? all(({ done }) => done) : all(uploadedOrLocal))
      .catch((failure: unknown) => {
        if (codeOf(failure) === 'offline') return all(uploadedOrLocal);
        throw failure;
      })
      .then(
        (files) => {
          // Removing one of the files meanwhile cancels the message.
          if (!keys.every((key) => this.#uploads.has(key))) return;
          if (this.#submit(message, files)) this.#drop(keys);
        },
        () => undefined, // Each upload reports its own failure; a removed one reports none.
      )
      .finally(() => this.#set({ sending: false }));
  }

  /** Cancels all uploads and removes all files. Called on sign-out. */
  stop(): void {
    for (const { stop } of this.#uploads.values()) stop.abort();
    this.#drop([...this.#uploads.keys()]);
  }

  #startUpload(key: number, file: File): void {
    const stop = new AbortController();
    const onProgress = (sent: number) =>
      this.#change(key, { percent: Math.floor((sent / Math.max(1, file.size)) * 100) });
    const done = this.#upload(file, { onProgress, signal: stop.signal });
    const one: PendingUpload = { file, done, uploaded: null, stop, failed: null };
    const end = (uploaded: FileRef): void => {
      if (this.#uploads.get(key)?.done === done) this.#uploads.set(key, { ...one, uploaded });
    };
    done.then(end, (failure: unknown) => {
      if (stop.signal.aborted) return;
      const failed = codeOf(failure);
      const waiting = failed === 'offline';
      this.#uploads.set(key, { ...one, failed });
      this.#change(key, { failed: !waiting, waiting });
      if (!waiting) this.#report(failed);
    });
    this.#uploads.set(key, one);
  }

  /** Returns whether the outbox accepted the message. */
  #submit(
    { text, send, readDraft, keepDraft }: MessageWithAttachments,
    files: readonly (FileRef | LocalFile)[],
  ): boolean {
    // Read before sending, because `send` clears the draft.
    const rest = withoutSentText(readDraft(), text);
    const error = send(files);
    if (error !== null) this.#report(error.code);
    else if (this.#composer === null) keepDraft(rest);
    else this.#composer.onSent(text);
    return error === null;
  }

  #report(code: string | null): void {
    if (this.#composer === null) this.#unreported = code;
    else this.#composer.onFailure(code);
  }

  #drop(keys: readonly number[]): void {
    for (const key of keys) {
      const one = this.#uploads.get(key);
      // From now on its message uploads it.
      if (one?.uploaded === null) one.stop.abort();
      this.#uploads.delete(key);
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

/** Returns the uploaded file, otherwise the bytes of the local one. */
async function uploadedOrLocal({ file, uploaded, done }: PendingUpload): Promise<FileRef | LocalFile> {
  if (uploaded !== null || file === null) return uploaded ?? done;
  return { name: file.name, type: file.type, bytes: await file.arrayBuffer() };
}
