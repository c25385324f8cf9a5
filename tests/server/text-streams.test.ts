import { createMultipartDecoder, type Message } from '@everywire/protocol/internal';
import type { WireSession } from '@everywire/server';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, HandCounts, type Listening, listen, openByPost } from './hand-client.js';

let server: Listening;
afterEach(() => server.end());

/** One stream to its end; `act` is called when it is attached. */
async function streamed(name: string, act: (session: WireSession) => void, bytesMax: number): Promise<Response> {
  let session: WireSession | undefined;
  server = await listen({
    limits: { keptBytesMax: bytesMax, streamBytesMax: bytesMax },
    onSession: (opened) => (session = opened),
  });
  const id = await openByPost(server.base);
  const attach = { t: 'attach', id, n: 1, instance: 1, ...new HandCounts().block };
  const response = await fetch(`${server.base}/${name}`, { method: 'POST', body: JSON.stringify(attach) });
  await eventually(() => session?.transport === name);
  act(session!);
  return response;
}

describe('streams of text', () => {
  it('[TR-25] XHR stream: JSON lines behind padding, ended at the smaller cap', async () => {
    const response = await streamed('xhr-stream', (session) => session.send('x'.repeat(1_000)), 500);
    expect(response.headers.get('content-type')).toBe('text/plain;charset=utf-8');
    const text = await response.text();
    expect(text.slice(0, 2_048).trim()).toBe('');
    const lines = text.slice(2_048).split('\n');
    expect([JSON.parse(lines[0]!).t, lines[1], lines[2]]).toEqual(['attached', JSON.stringify('x'.repeat(1_000)), '']);
    expect(lines).toHaveLength(3);
  });

  it('[TR-26] multipart stream: from the first delimiter to the last', async () => {
    const response = await streamed('multipart-stream', (session) => session.send('a='.repeat(100)), 300);
    const boundary = /^multipart\/x-mixed-replace; boundary="([^"]+)"$/.exec(
      response.headers.get('content-type')!,
    )?.[1];
    const text = await response.text();
    expect(text.startsWith(`--${boundary}\r\n`)).toBe(true);
    expect(text.endsWith(`\r\n--${boundary}--\r\n`)).toBe(true);
    expect(text).toContain('"a\\u003da\\u003d');
    const got: string[] = [];
    const sink = { onMessage: (one: Message) => got.push(one.text), onRecord: ({ t }: { t: string }) => got.push(t) };
    expect(createMultipartDecoder(sink, 10_000).feed(Buffer.from(text))).toBeNull();
    expect(got).toEqual(['attached', 'a='.repeat(100)]);
  });
});
