import { createMultipartDecoder, type Message } from '@everywire/protocol/internal';
import type { WireSession } from '@everywire/server';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, HandCounts, type Listening, listen, openByPost } from './hand-client.js';

let server: Listening;
afterEach(() => server.end());

/** Limits that no stream reaches, so that a stream ends only where the test wants. */
const unlimited = { keptBytesMax: 1e6, streamBytesMax: 1e6, heartbeatMs: 1e6, heartbeatHiddenMs: 1e6 };

/** Opens a stream of this transport and returns its response. Calls `act` once the stream is attached. */
async function streamed(
  name: string,
  act: (session: WireSession) => void,
  limits: { readonly keptBytesMax?: number; readonly streamBytesMax?: number },
): Promise<Response> {
  let session: WireSession | undefined;
  server = await listen({
    limits: { ...unlimited, ...limits },
    onSession: (opened) => (session = opened),
  });
  const id = await openByPost(server.base);
  const attach = { t: 'attach', id, n: 1, instance: 1, ...new HandCounts().block };
  const post = (to: string): Promise<Response> =>
    fetch(`${server.base}/${to}`, { method: 'POST', body: JSON.stringify(attach) });
  const byTicket = async (): Promise<Response> => {
    const { ticket } = (await (await post('ticket')).json()) as { ticket: string };
    return fetch(`${server.base}/${name}?ticket=${ticket}`);
  };
  const response = await (/^(iframe|htmlfile)/.test(name) ? byTicket() : post(name));
  await eventually(() => session?.transport === name);
  act(session!);
  return response;
}

describe('streams of text', () => {
  it('[TR-25.1] [TR-25.2] an XHR stream has JSON lines after padding, and ends at the smaller limit', async () => {
    const response = await streamed('xhr-stream', (session) => session.send('x'.repeat(1_000)), {
      keptBytesMax: 500,
    });
    expect(response.headers.get('content-type')).toBe('text/plain;charset=utf-8');
    const text = await response.text();
    expect(text.slice(0, 2_048).trim()).toBe('');
    const lines = text.slice(2_048).split('\n');
    expect([JSON.parse(lines[0]!).t, lines[1], lines[2]]).toEqual(['attached', JSON.stringify('x'.repeat(1_000)), '']);
    expect(lines).toHaveLength(3);
  });

  it('[TR-26] a multipart stream has its delimiters from the first to the last', async () => {
    const response = await streamed('multipart-stream', (session) => session.send('a='.repeat(100)), {
      streamBytesMax: 300,
    });
    const boundary = /^multipart\/x-mixed-replace; boundary="([^"]+)"$/.exec(
      response.headers.get('content-type')!,
    )?.[1];
    const text = await response.text();
    expect(text.startsWith(`--${boundary}\r\n`)).toBe(true);
    expect(text.endsWith(`\r\n--${boundary}--\r\n`)).toBe(true);
    expect(text).toContain('"a\\u003da\\u003d');
    const arrivals: string[] = [];
    const sink = {
      onMessage: (one: Message) => arrivals.push(one.text),
      onRecord: ({ t }: { t: string }) => arrivals.push(t),
    };
    expect(createMultipartDecoder(sink, 10_000).feed(Buffer.from(text))).toBeNull();
    expect(arrivals).toEqual(['attached', 'a='.repeat(100)]);
  });

  it('[TR-12.2] an event stream ends in order with an event that announces it', async () => {
    const response = await streamed('event-stream', (session) => session.send('x'.repeat(400)), {
      streamBytesMax: 300,
    });
    expect((await response.text()).endsWith('"\n\nevent: end\ndata: {"t":"end"}\n\n')).toBe(true);
  });

  it.each(['xhr-stream', 'xdr-stream', 'iframe-stream', 'htmlfile-stream'])(
    '[TR-15.3] %s ends at the limit of transports whose reader keeps everything',
    async (name) => {
      const response = await streamed(name, (session) => session.send('x'.repeat(4_000)), { keptBytesMax: 3_000 });
      expect(await response.text()).toContain('x'.repeat(4_000));
    },
  );
});
