import type { FileRef } from '@everywire/chat';
import type { HttpResponse } from 'tus-js-client';
import { callRest, restFailureOf } from './call-rest.js';
import type { UploadOptions } from './chat-client.js';
import { ChatFailure } from './chat-failure.js';

/** Bytes per request. Small enough for a slow network to transmit before a proxy or the server times out. */
const CHUNK_BYTES = 1_048_576;
/** Waits before the retries of a failed request. The upload fails after the last retry. */
const retryDelaysMs = [0, 1_000, 3_000, 5_000, 10_000, 20_000, 30_000];

/** Reads a `Blob` in slices, in browsers and Node; the library's reader for Node does not support `Blob`. */
const blobReader = {
  openFile: async (blob: Blob) => ({
    size: blob.size,
    slice: async (from: number, to: number) => ({
      value: new Uint8Array(await blob.slice(from, to).arrayBuffer()),
      // tus uses `done` only for sources without a known size.
      done: false,
    }),
    close: () => undefined,
  }),
};

interface CancellableUpload extends UploadOptions {
  /**
   * Called when the upload is cancelled. The promise resolves when the server has removed the uploaded part or could
   * not be reached.
   */
  readonly onRemoval: (removal: Promise<void>) => void;
}

/**
 * Uploads a file by tus (a protocol for uploads that resume after interruptions), then makes an attachment of it. The
 * code of the tus client is loaded lazily, because few users upload files.
 */
export async function uploadFile(
  { url, token }: { readonly url: string; readonly token: string },
  file: Blob & { readonly name: string },
  { onProgress, signal, onRemoval }: CancellableUpload,
): Promise<FileRef> {
  const { Upload } = await import('tus-js-client').catch(() => {
    throw new ChatFailure('offline', true);
  });
  const authorization = `Bearer ${token}`;
  const address = await new Promise<string>((resolve, reject) => {
    const upload = new Upload(file, {
      endpoint: new URL('/api/files/uploads', url).href,
      headers: { authorization },
      metadata: { filename: file.name, filetype: file.type },
      chunkSize: CHUNK_BYTES,
      retryDelays: retryDelaysMs,
      fileReader: blobReader,
      // Stores nothing for a later resumption, because an upload ends with its page.
      storeFingerprintForResuming: false,
      onProgress: (sent) => onProgress?.(sent),
      onError: (error) => reject(failureOf(error)),
      onSuccess: () => resolve(upload.url ?? ''),
    });
    const stop = (): void => {
      onRemoval(upload.abort(true).catch(() => undefined)); // If this fails, the server later removes the uploaded part by itself.
      reject(new ChatFailure('interrupted', true));
    };
    if (signal?.aborted) return stop();
    signal?.addEventListener('abort', stop, { once: true });
    upload.start();
  });
  const id = address.split('/').at(-1) ?? '';
  return callRest<FileRef>(url, 'POST', `/api/files/${id}`, undefined, token);
}

/**
 * Lets the browser's own elements (`img`, `video`) read files of the server that the page came from: the server sets a
 * cookie, because such elements cannot send the token.
 *
 * @throws ChatFailure if the server sets no cookie. The caller may retry if `retryable`. A server without files is not
 * a failure
 */
export async function openFiles({ url, token }: { readonly url: string; readonly token: string }): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  let response: Response;
  try {
    response = await fetch(new URL('/api/files/cookie', url), { method: 'POST', headers, credentials: 'same-origin' });
  } catch {
    throw new ChatFailure('offline', true);
  }
  if (response.ok || response.status === 404) return;
  throw restFailureOf(response.status, await response.text().catch(() => ''));
}

function failureOf(error: unknown): ChatFailure {
  const { originalResponse: response } = error as { readonly originalResponse?: HttpResponse | null };
  return response ? restFailureOf(response.getStatus(), response.getBody()) : new ChatFailure('offline', true);
}
