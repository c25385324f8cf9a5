import type { WireClient } from '@everywire/client';
import { expect, it } from 'vitest';
import { RequestChannel } from './request-channel.js';

// Tests `RequestChannel`, which sends the requests of a client over a session and assigns the answers to them.

/** A session that the test opens and ends. `sent` are the messages of the client. */
class ManualWire extends EventTarget {
  onopen: (() => void) | null = null;
  onmessage: ((message: { readonly data: string }) => void) | null = null;
  onclose: ((event: { readonly reason: string }) => void) | null = null;
  readonly sent: string[] = [];
  send(text: string): void {
    this.sent.push(text);
  }
}

function open() {
  const wire = new ManualWire();
  const ended: string[] = [];
  const channel = new RequestChannel(wire as unknown as WireClient, {
    opened: () => undefined,
    event: () => undefined,
    dropped: () => undefined,
    ended: (code) => ended.push(code),
  });
  return { wire, channel, ended };
}

const interrupted = { code: 'interrupted', retryable: true };

it('a request without an answer fails with a retryable code when its session ends', async () => {
  const { wire, channel, ended } = open();
  await expect(channel.ask({ command: 'list', cursor: null })).rejects.toMatchObject(interrupted);
  wire.onopen?.();
  const pending = channel.ask({ command: 'list', cursor: null });
  expect(wire.sent).toHaveLength(1);
  wire.onclose?.({ reason: 'shutdown' });
  await expect(pending).rejects.toMatchObject(interrupted);
  expect(ended).toEqual(['shutdown']);
  await expect(channel.ask({ command: 'list', cursor: null })).rejects.toMatchObject(interrupted);
});

it('a lone surrogate is sent as U+FFFD, and pairs unchanged', () => {
  const { wire, channel } = open();
  wire.onopen?.();
  void channel.ask({ command: 'draft', conversation: 1, text: '😀 \ud83d \\ud800', base: 0 });
  expect(JSON.parse(wire.sent[0] ?? '')).toMatchObject({ conversation: 1, text: '😀 \ufffd \\ud800', base: 0 });
});
