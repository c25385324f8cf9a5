import type { FileRef } from '@everywire/chat';
import type { UploadOptions } from './chat-client.js';
import { type TokenSource, tokenOf } from './token-source.js';
import { uploadFile } from './upload-file.js';

/**
 * Maximum milliseconds that signing out waits for the server to remove partial uploads. The server removes the rest
 * later.
 */
const CANCEL_DEADLINE_MS = 3_000;

/** Tracks the uploads of one client, so that signing out can cancel all of them. */
export class Uploads {
  readonly #url: string;
  readonly #token: TokenSource;
  readonly #running = new Set<AbortController>();
  /** Requests in flight that remove partial uploads at the server. */
  readonly #removals = new Set<Promise<void>>();

  constructor(url: string, token: TokenSource) {
    this.#url = url;
    this.#token = token;
  }

  /** Uploads a file; see `ChatClient.upload`. */
  async upload(file: Blob & { readonly name: string }, options: UploadOptions = {}): Promise<FileRef> {
    const stop = new AbortController();
    const { signal } = options;
    if (signal?.aborted) stop.abort();
    // The listener stays after a failed upload, so that an abort still removes the uploaded part.
    signal?.addEventListener('abort', () => stop.abort(), { once: true });
    this.#running.add(stop);
    const onRemoval = (removal: Promise<void>): void => {
      this.#removals.add(removal);
      void removal.finally(() => this.#removals.delete(removal));
    };
    try {
      const access = { url: this.#url, token: await tokenOf(this.#token) };
      return await uploadFile(access, file, { ...options, signal: stop.signal, onRemoval });
    } finally {
      this.#running.delete(stop);
    }
  }

  /** Cancels all uploads. Resolves when the server has removed partial uploads, or after `CANCEL_DEADLINE_MS`. */
  async cancelAll(): Promise<void> {
    for (const stop of this.#running) stop.abort();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const deadline = new Promise<void>((done) => {
      timer = setTimeout(done, CANCEL_DEADLINE_MS);
    });
    await Promise.race([Promise.all(this.#removals), deadline]);
    clearTimeout(timer);
  }
}
