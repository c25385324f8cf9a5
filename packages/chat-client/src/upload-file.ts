import type { FileRef } from '@everywire/chat';
import type { HttpResponse } from 'tus-js-client';
import { callRest, refusalOf } from './call-rest.js';
import type { UploadOptions } from './chat-client.js';
import { ChatFailure } from './chat-failure.js';

/** Small enough that one gets through on a slow network before a proxy or the server gives up on it. */
const chunkBytes = 1_048_576;
const retryDelaysMs = [0, 1_000, 3_000, 5_000, 10_000, 20_000, 30_000];

/** Reads a `Blob` piece by piece in browsers and in Node alike; the library's own reader for Node knows none. */
const blobReader = {
  openFile: async (blob: Blob) => ({
    size: blob.size,
    slice: async (from: number, to: number) => ({
      value: new Uint8Array(await blob.slice(from, to).arrayBuffer()),
      // Only said of what has no known size; the end is where the size says.
      done: false,
    }),
    close: () => undefined,
  }),
};

interface CancellableUpload extends UploadOptions {
  /** Called when it is stopped. The promise is kept when the server has removed what had gone up, or could not be asked. */
  readonly onRemoval: (removal: Promise<void>) => void;
}

/**
 * Sends a file up by tus, which goes on where it was cut, and makes an attachment of it. The protocol's client is loaded as it is
 * needed: most people write.
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
      chunkSize: chunkBytes,
      retryDelays: retryDelaysMs,
      fileReader: blobReader,
      // Nothing is kept on the device: an upload lives as long as its page.
      storeFingerprintForResuming: false,
      onProgress: (sent) => onProgress?.(sent),
      onError: (error) => reject(failureOf(error)),
      onSuccess: () => resolve(upload.url ?? ''),
    });
    const stop = (): void => {
      onRemoval(upload.abort(true).catch(() => undefined)); // What it leaves at the server is swept away there.
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
 * Lets this browser's own elements (`img`, `video`) read files of the server that the page came from.
 *
 * @throws ChatFailure where the server gave no cookie, to be asked again where it is `retryable`; not where the server takes no files
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
  throw refusalOf(response.status, await response.text().catch(() => ''));
}

function failureOf(error: unknown): ChatFailure {
  const { originalResponse: response } = error as { readonly originalResponse?: HttpResponse | null };
  return response ? refusalOf(response.getStatus(), response.getBody()) : new ChatFailure('offline', true);
}
