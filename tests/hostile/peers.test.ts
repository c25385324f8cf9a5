import { OPCODE } from '@everywire/protocol/internal';
import { describe, expect } from 'vitest';
import { eventually, HandClient } from '../server/hand-client.js';
import { hostileRow } from './hostile-row.js';
import { frame, hex, Peer } from './peer.js';

/** Short heartbeats, in milliseconds. Not shorter, because the honest client must answer in time on a busy machine. */
const quick = { heartbeatMs: 1_500, heartbeatHiddenMs: 1_500 };

describe('a WebSocket', () => {
  hostileRow(
    '[W10] a WebSocket that announces 60 kB and drips is silent, and its session survives',
    { limits: quick },
    async (target) => {
      const peer = await Peer.joined(target.port);
      peer.write(hex('81feea6000000000'));
      const drip = setInterval(() => peer.write('x'), 50);
      // No record can occur inside a message, so no heartbeat is answered.
      expect(await peer.closeCode()).toBe(1001);
      clearInterval(drip);
      expect((await target.report()).sessions).toBe(2);
    },
  );

  hostileRow(
    '[W10] a WebSocket that belongs to no session has a total time limit',
    { limits: { ...quick, unattachedMs: 1_000, closeFrameMs: 50 } },
    async ({ port }) => {
      const peers = await Promise.all(Array.from({ length: 20 }, () => Peer.upgraded(port)));
      for (const peer of peers) peer.write(hex('81feea6000000000'));
      const drip = setInterval(() => {
        for (const peer of peers) peer.write('x');
      }, 50);
      expect(await Promise.all(peers.map((peer) => peer.closeCode()))).toEqual(peers.map(() => 1008));
      clearInterval(drip);
    },
  );

  hostileRow(
    '[W10] a raw WebSocket has a time limit for each message',
    { limits: { ...quick, rawMessageMs: 400 }, raw: true, notice: 'socket_refused', bytesMax: 2 << 20 },
    async ({ port }) => {
      const options = { path: '/everywire/raw-websocket?topic=a', headers: { 'Sec-WebSocket-Protocol': null } };
      const peers = await Promise.all(Array.from({ length: 20 }, () => Peer.upgraded(port, options)));
      const drip = setInterval(() => {
        for (const peer of peers) peer.write('x');
      }, 50);
      for (const peer of peers) peer.write(hex('81feea6000000000'));
      expect(await Promise.all(peers.map((peer) => peer.closeCode()))).toEqual(peers.map(() => 1008));
      clearInterval(drip);
    },
  );

  hostileRow(
    '[W33] a WebSocket that is reset or half closed in the middle of a frame leaves no connection',
    {},
    async (target) => {
      for (let i = 0; i < 20; i++) {
        const peer = await Peer.joined(target.port);
        peer.write(hex('81fe010000000000').subarray(0, 3 + (i % 5)));
        await new Promise((resolve) => setImmediate(resolve));
        if (i % 2 === 0) peer.socket.resetAndDestroy();
        else peer.socket.end();
        await eventually(() => peer.ended);
      }
      // Only the honest client's connection is left, once the others are closed.
      await target.until(({ connections }) => connections === 1);
    },
  );

  hostileRow(
    '[W33] a WebSocket that stops answering ends after one and a half heartbeats',
    { limits: quick },
    async (target) => {
      const dead = await HandClient.join(target.port);
      dead.answers = false;
      expect(await dead.closed()).toBe(1001);
    },
  );

  hostileRow(
    '[W36] a WebSocket that sends binary records, and empty messages, gets them echoed unchanged',
    {},
    async ({ port }) => {
      const peer = await Peer.joined(port);
      peer.write(
        Buffer.concat([frame(OPCODE.binary, 'text?'), frame(OPCODE.text), frame(OPCODE.binary, '\0{"t":"ack"}')]),
      );
      peer.write(frame(OPCODE.text, 'the last'));
      await eventually(() => peer.messages.includes('the last'));
      // A text that begins with U+0000 is a record only in a text frame; here it was echoed unchanged.
      const frames = peer.frames.filter(({ payload }) => payload[0] !== 0 || payload.includes('"ack"}'));
      expect(frames.map(({ opcode, payload }) => `${opcode} ${payload}`)).toEqual(
        expect.arrayContaining(['2 text?', '1 ', '1 the last']),
      );
    },
  );

  hostileRow('[W36] a WebSocket that sends an invalid record loses its link, not its session', {}, async (target) => {
    const peer = await Peer.joined(target.port);
    peer.write(frame(OPCODE.text, '\0{'));
    expect(await peer.closeCode()).toBe(1002);
    expect((await target.report()).sessions).toBeGreaterThan(1);
  });
});

describe('clients that read nothing', () => {
  // A fiftieth of the scale: 2 MB are sent to a client that reads nothing, with a buffer of 80 kB; the other client
  // reads everything.
  const limits = {
    down: { messages: 256, bytes: 65_536 },
    bufferBytesMax: 200_000,
    undrainedBytesMax: 20_000,
  };
  hostileRow(
    '[W31] clients that read nothing cost a window and a buffer each, and end with overflow',
    { limits, topic: 'room', bytesMax: 8 << 20 },
    async (target) => {
      const reader = await HandClient.join(target.port);
      const slow = await Promise.all(Array.from({ length: 10 }, () => Peer.joined(target.port)));
      for (const peer of slow) peer.socket.pause();
      const before = await target.report();
      for (let sent = 0; sent < 200; sent += 4) {
        target.command({ kind: 'publish', topic: 'room', count: 4, bytes: 10_000 });
        await eventually(() => reader.got.length === sent + 4);
        reader.acknowledge();
      }
      const after = await target.report();
      expect(before.sessions - after.sessions).toBe(10);
      expect(after.bytes - before.bytes).toBeLessThan(4 << 20);
      reader.socket.terminate();
    },
  );

  // A fiftieth of 10,000 in one room. Messages are shared, so all of them together hold little more than one.
  const shared = {
    limits: { nodeBufferBytesMax: 1 << 20, down: { messages: 8, bytes: 65_536 }, bufferBytesMax: 4 << 20 },
  };
  hostileRow(
    '[W32] clients of one room that read nothing share the messages buffered for them',
    { ...shared, topic: 'room', bytesMax: 16 << 20 },
    async (target) => {
      const slow: Peer[] = [];
      for (let i = 0; i < 200; i += 20)
        slow.push(...(await Promise.all(Array.from({ length: 20 }, () => Peer.joined(target.port)))));
      for (const peer of slow) peer.socket.pause();
      const before = await target.report();
      target.command({ kind: 'publish', topic: 'room', count: 60, bytes: 10_000 });
      const after = await target.report();
      expect(after.sessions).toBe(before.sessions);
      // 600 kB are stored once, not 200 times; at most a window waits in the sockets.
      expect(after.bytes - before.bytes).toBeLessThan(8 << 20);
      // Above the node's limit the sessions with the fullest buffers are ended; the honest client reads and remains.
      await target.until(({ counters }) => {
        target.command({ kind: 'publish', topic: 'room', count: 2, bytes: 10_000 });
        return (counters['node_full'] ?? 0) > 0;
      });
    },
  );
});
