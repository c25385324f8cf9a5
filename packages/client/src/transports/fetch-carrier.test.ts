import { frameEncoding, jsonLinesEncoding, messageFromBytes, messageFromText } from '@everywire/protocol/internal';
import { describe, expect, it } from 'vitest';
import { attached, counts, createRecorder, createRequest } from '../test-kit/recorder.js';
import type { Connect } from '../transport.js';
import { askByPost } from './ask-by-post.js';
import { connect as connectFallback } from './fallback.js';
import { connect as connectFetchStream } from './fetch-stream.js';
import { connect as connectLongPoll } from './long-poll.js';

// Tests the transports that use `fetch`. A carrier is one request with its response; a recorder lists its reports as
// texts.

/** A call of `fetch`. */
interface FetchCall {
  readonly url: string;
  readonly init: RequestInit;
}

/** A `fetch` that answers with these parts and then ends the response or fails. */
function answer(
  parts: readonly Uint8Array[],
  how: 'end' | 'fail' | 'hang' = 'end',
  status = 200,
): {
  readonly fetch: typeof globalThis.fetch;
  readonly calls: FetchCall[];
} {
  const calls: FetchCall[] = [];
  const fetch = async (url: unknown, init: RequestInit = {}): Promise<Response> => {
    calls.push({ url: String(url), init });
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const part of parts) controller.enqueue(part);
        if (how === 'end') controller.close();
        if (how === 'fail') controller.error(new TypeError('terminated'));
        init.signal?.addEventListener('abort', () => controller.error(init.signal?.reason));
      },
    });
    return new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>, { status });
  };
  return { fetch: fetch as typeof globalThis.fetch, calls };
}

const connectByPost: Connect = (request, events) => ({
  close: askByPost(request, events, () => events.onEnded(false)),
});
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const lines = [
  jsonLinesEncoding.encodeRecord(attached),
  jsonLinesEncoding.encodeMessage(messageFromText('a')),
  jsonLinesEncoding.encodeMessage(messageFromBytes(new Uint8Array([1, 2]))),
];

describe('carriers by fetch', () => {
  it('[SN-8.1] [SN-8.2] [SN-20.2] a fetch carrier posts head and messages as one body without secrets in the URL', async () => {
    const { fetch, calls } = answer(lines);
    const recorder = createRecorder();
    connectLongPoll(createRequest('http://test/everywire', fetch), recorder);
    await recorder.ended;
    expect(calls[0]?.url).toBe('http://test/everywire/long-poll');
    expect(calls[0]?.init.method).toBe('POST');
    expect(calls[0]?.init.headers).toBeUndefined();
    expect(JSON.parse(String(calls[0]?.init.body))).toMatchObject({ t: 'attach', id: 'secret', count: 1, m: ['up'] });
    expect(recorder.seen).toEqual(['opened', 'record attached', 'text a', 'binary 1 2', 'ended whole']);
  });

  it.each([
    ['of an opening or a body', connectFallback],
    ['with a ticket', connectByPost],
  ])('an endless answer %s is cancelled when it exceeds a record', async (_, connect) => {
    const { fetch } = answer(Array<Uint8Array>(9).fill(bytes(' '.repeat(1000))), 'hang');
    const recorder = createRecorder();
    connect(createRequest('http://test/everywire', fetch), recorder);
    await recorder.ended;
    expect(recorder.seen).toEqual(['ended broken']);
  });

  it.each([connectFallback, connectByPost, connectLongPoll])(
    'a `fetch` that returns no promise, and no response, ends the carrier',
    async (connect) => {
      const recorder = createRecorder();
      connect(createRequest('http://test', (() => undefined) as never), recorder);
      await recorder.ended;
      expect(recorder.seen).toEqual(['ended broken']);
    },
  );

  it('[EN-8] a fetch carrier reads frames split anywhere', async () => {
    const all = [
      frameEncoding.encodeRecord(attached),
      frameEncoding.encodeMessage(messageFromText('\0nul')),
      frameEncoding.encodeMessage(messageFromBytes(new Uint8Array([3]))),
    ];
    const single = all.flatMap((part) => [...part].map((byte) => new Uint8Array([byte])));
    const { fetch } = answer(single);
    const recorder = createRecorder();
    connectFetchStream(createRequest('http://test', fetch), recorder);
    await recorder.ended;
    expect(recorder.seen).toEqual(['opened', 'record attached', 'text \0nul', 'binary 3', 'ended whole']);
  });

  it('[EN-8] a fetch carrier delivers the data of a cut response and reports it as broken', async () => {
    const { fetch } = answer(lines.slice(0, 2), 'fail');
    const recorder = createRecorder();
    connectLongPoll(createRequest('http://test', fetch), recorder);
    await recorder.ended;
    expect(recorder.seen.at(-1)).toBe('ended broken');
  });

  it('[SN-13.6] a fetch carrier ends with `damaged` at a framing error and aborts the request', async () => {
    const { fetch, calls } = answer([new Uint8Array([0xff, 0xff])], 'hang');
    const recorder = createRecorder();
    connectFetchStream(createRequest('http://test', fetch), recorder);
    await recorder.ended;
    expect(recorder.seen).toEqual(['opened', 'ended broken damaged']);
    expect(calls[0]?.init.signal?.aborted).toBe(true);
  });

  it('[SN-3] a fetch carrier ends with `damaged` at a message above the agreed size', async () => {
    const { fetch } = answer([bytes(`"${'x'.repeat(20_000)}"\n`)], 'hang');
    const recorder = createRecorder();
    connectLongPoll(createRequest('http://test', fetch), recorder);
    await recorder.ended;
    expect(recorder.seen.at(-1)).toBe('ended broken damaged');
  });

  it.each([403, 404, 502])('a fetch carrier ends with `refused` at status %i', async (status) => {
    const { fetch } = answer([bytes('<html>')], 'end', status);
    for (const connect of [connectLongPoll, connectFallback]) {
      const recorder = createRecorder();
      connect(createRequest('http://test', fetch), recorder);
      await recorder.ended;
      expect(recorder.seen).toEqual(['ended broken refused']);
    }
  });

  it('a fetch carrier aborts the request when it is closed', async () => {
    const { fetch, calls } = answer(lines, 'hang');
    const recorder = createRecorder();
    const carrier = connectLongPoll(createRequest('http://test', fetch), recorder);
    await expect.poll(() => recorder.seen.length).toBe(4);
    carrier.close();
    expect(calls[0]?.init.signal?.aborted).toBe(true);
  });
});

describe('a body by POST', () => {
  it.each([
    [{ t: 'open', nonce: 'x' }, 'http://test/open'],
    [{ t: 'body', id: 'secret', n: 1, instance: 1, first: 1, count: 1, ...counts }, 'http://test/up'],
  ] as const)('[SN-7.4] goes with %j to %s, and is answered with one record', async (head, url) => {
    const { fetch, calls } = answer([bytes(JSON.stringify({ t: 'answer', ...counts, n: 1, instance: 1 }))]);
    const recorder = createRecorder();
    connectFallback({ ...createRequest('http://test', fetch), head }, recorder);
    await recorder.ended;
    expect(calls[0]?.url).toBe(url);
    expect(recorder.seen).toEqual(['record answer', 'ended whole']);
  });

  it('a body ends with `refused` if something else answers instead of the server', async () => {
    const { fetch } = answer([bytes('<html>Log in to the network</html>')]);
    const recorder = createRecorder();
    connectFallback(createRequest('http://test', fetch), recorder);
    await recorder.ended;
    expect(recorder.seen).toEqual(['ended broken refused']);
  });
});
