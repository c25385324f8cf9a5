import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { attached, createRecorder, createRequest } from '../test-kit/recorder.js';
import type { CarrierRequest } from '../transport.js';
import { connect } from './event-stream.js';

// Tests the transport `event-stream`, which uses `EventSource`. It first gets a ticket by a POST, because an
// `EventSource` can only send a GET. A recorder lists the reports of the carrier as texts.

/** Replaces the browser's EventSource; a test triggers its events. */
class FakeEventSource {
  static instances: FakeEventSource[] = [];
  readonly url: string;
  closed = false;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onerror: (() => void) | null = null;

  constructor(url: string) {
    this.url = url;
    FakeEventSource.instances.push(this);
  }

  onend: (() => void) | null = null;

  addEventListener(name: string, listener: () => void): void {
    if (name === 'end') this.onend = listener;
  }

  close(): void {
    this.closed = true;
  }
}

beforeEach(() => {
  FakeEventSource.instances = [];
  vi.stubGlobal('EventSource', FakeEventSource);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A `fetch` that gives this answer. `urls` are its calls. */
const answer = (text: string, status = 200): { fetch: typeof globalThis.fetch; urls: string[] } => {
  const urls: string[] = [];
  const fetch = async (url: unknown): Promise<Response> => {
    urls.push(String(url));
    return new Response(text, { status });
  };
  return { fetch: fetch as typeof globalThis.fetch, urls };
};

/** A request of an application without its own `fetch`. */
function requestOf(url: string, platformFetch: typeof globalThis.fetch): CarrierRequest {
  vi.stubGlobal('fetch', platformFetch);
  return { ...createRequest(url), fetch: undefined };
}

async function open(): Promise<{
  source: FakeEventSource;
  recorder: ReturnType<typeof createRecorder>;
  close: () => void;
}> {
  const recorder = createRecorder();
  const { fetch } = answer('{"t":"ticket","ticket":"a/b+c"}');
  const { close } = connect(requestOf('http://test/everywire', fetch), recorder);
  await expect.poll(() => FakeEventSource.instances.length).toBe(1);
  return { source: FakeEventSource.instances[0]!, recorder, close };
}

describe('EventSource', () => {
  it('[SN-20.2] [SN-20.3] an EventSource attaches by POST, and its address contains only the ticket', async () => {
    const { source } = await open();
    expect(source.url).toBe('http://test/everywire/event-stream?ticket=a%2Fb%2Bc');
  });

  it('an EventSource reads one item per event', async () => {
    const { source, recorder } = await open();
    source.onopen?.();
    source.onmessage?.({ data: JSON.stringify(attached) });
    source.onmessage?.({ data: '"a"' });
    source.onmessage?.({ data: '["AQI="]' });
    expect(recorder.seen).toEqual(['opened', 'record attached', 'text a', 'binary 1 2']);
  });

  it('[SN-9.5] the browser never repeats an attach of an EventSource with old counts', async () => {
    const { source, recorder } = await open();
    source.onerror?.();
    expect(source.closed).toBe(true);
    expect(recorder.seen).toEqual(['ended broken']);
  });

  it('[SN-20.3] [TR-12.4] an EventSource continues with the ticket from the stream, or by POST if it is spent', async () => {
    const { source } = await open();
    source.onopen?.();
    source.onmessage?.({ data: '{"t":"ticket","ticket":"next"}' });
    source.onerror?.();
    const recorder = createRecorder();
    const { fetch, urls } = answer('{"t":"ticket","ticket":"again"}');
    connect(requestOf('http://test/everywire', fetch), recorder);
    const second = FakeEventSource.instances[1]!;
    expect(second.url).toBe(
      'http://test/everywire/event-stream?ticket=next&n=1&instance=1&ack=0&received=0&seen=0&sent=0&sum=0',
    );
    expect(urls).toEqual([]);
    second.onerror?.();
    await expect.poll(() => FakeEventSource.instances.length).toBe(3);
    expect(urls).toEqual(['http://test/everywire/ticket']);
    expect(FakeEventSource.instances[2]!.url).toBe('http://test/everywire/event-stream?ticket=again');
    expect(recorder.seen).toEqual([]);
  });

  it('[SN-4.2] [SN-5.6] [SN-30.1] the address of an EventSource contains all counts in addition to the ticket', async () => {
    const { source } = await open();
    source.onmessage?.({ data: '{"t":"ticket","ticket":"next"}' });
    source.onerror?.();
    const request = requestOf('http://test/everywire', answer('').fetch);
    const head = { ...request.head, last: 3, lastSum: 77, want: 2, resets: 1, hidden: true } as CarrierRequest['head'];
    connect({ ...request, head }, createRecorder());
    expect(FakeEventSource.instances[1]?.url).toMatch(/&sum=0&last=3&lastSum=77&want=2&resets=1&hidden=true$/);
  });

  it('[SN-20.3] the ticket of one session is not used for another', async () => {
    const { source } = await open();
    source.onmessage?.({ data: '{"t":"ticket","ticket":"next"}' });
    const { fetch } = answer('{"t":"ticket","ticket":"own"}');
    const request = requestOf('http://test/everywire', fetch);
    connect({ ...request, head: { ...request.head, id: 'other' } as typeof request.head }, createRecorder());
    await expect.poll(() => FakeEventSource.instances.length).toBe(2);
    expect(FakeEventSource.instances[1]!.url).toContain('ticket=own');
  });

  it('[TR-12.2] an EventSource distinguishes an orderly end from a cut', async () => {
    const { source, recorder } = await open();
    source.onend?.();
    expect(source.closed).toBe(true);
    expect(recorder.seen).toEqual(['ended whole']);
  });

  it('[SN-2.7] an EventSource ends with `damaged` at an unreadable event', async () => {
    const { source, recorder } = await open();
    source.onmessage?.({ data: '{' });
    expect(source.closed).toBe(true);
    expect(recorder.seen).toEqual(['ended broken damaged']);
  });

  it('[SN-4.7] a verdict received instead of a ticket is passed on', async () => {
    const recorder = createRecorder();
    connect(requestOf('http://test', answer('{"t":"refused","code":"unknown"}').fetch), recorder);
    await recorder.ended;
    expect(recorder.seen).toEqual(['record refused', 'ended whole']);
    expect(FakeEventSource.instances).toEqual([]);
  });

  it('an EventSource ends with `refused` if it gets no ticket', async () => {
    const recorder = createRecorder();
    connect(requestOf('http://test', answer('nothing here', 404).fetch), recorder);
    await recorder.ended;
    expect(recorder.seen).toEqual(['ended broken refused']);
  });

  it('an EventSource closed while waiting for its ticket is not opened', async () => {
    const recorder = createRecorder();
    const { fetch, urls } = answer('{"t":"ticket","ticket":"late"}');
    connect(requestOf('http://test', fetch), recorder).close();
    await new Promise((resolve) => setImmediate(resolve));
    expect(urls).toEqual(['http://test/ticket']);
    expect(FakeEventSource.instances).toEqual([]);
  });

  it('an EventSource can be closed', async () => {
    const { source, close } = await open();
    close();
    expect(source.closed).toBe(true);
  });

  it.each(['its own `fetch`', 'no EventSource'])(
    '[SN-8.3] an event stream is read by fetch if the application has %s',
    async (why) => {
      if (why === 'no EventSource') vi.stubGlobal('EventSource', undefined);
      const events = [`data: ${JSON.stringify(attached)}\n\n`, ': a comment\n\n', 'data: "a"\n\n'];
      const { fetch, urls } = answer(events.join(''));
      const own = createRequest('http://test', fetch);
      const recorder = createRecorder();
      connect(why === 'no EventSource' ? requestOf('http://test', fetch) : own, recorder);
      await recorder.ended;
      expect(urls).toEqual(['http://test/event-stream']);
      expect(recorder.seen).toEqual(['opened', 'record attached', 'text a', 'ended whole']);
      expect(FakeEventSource.instances).toEqual([]);
    },
  );
});
