import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { TimerEntry, TimerWheel } from '../timer-wheel.js';
import { BodyBudget } from './body-budget.js';
import { type Body, readBody } from './http-body.js';

// Tests `readBody`, which reads the body of an HTTP request with limits. A room (`BodyBudget`) limits the bytes of all
// bodies of one address that are being read.

/** Timers that never fire. */
const wheel: TimerWheel = { schedule: () => undefined, cancel: () => undefined, stop: () => undefined };
const times = { bodyTimeoutMs: 10_000, bodyRateBytesMin: 1, bodyRateAfterMs: 10_000 };

/** Begins to read a body. `request` is where the test emits its data; `body` returns the outcome, `undefined` before. */
function begin(
  headers: Record<string, string> = {},
  room: BodyBudget = new BodyBudget(1_000_000),
): { request: EventEmitter; body: () => Body | undefined } {
  const request = Object.assign(new EventEmitter(), { headers });
  let body: Body | undefined;
  const limits = { bytesMax: 100_000, room, address: 'a', times };
  readBody(request as unknown as IncomingMessage, limits, wheel, (read) => {
    body = read;
  });
  return { request, body: () => body };
}

it.each([{}, { 'content-length': '90000' }])(
  'a body in pieces is copied, so that pieces do not pin their buffers, with the headers %j',
  (headers) => {
    const { request, body } = begin(headers);
    const whole = Buffer.from(Array.from({ length: 90_000 }, (_, at) => at % 251));
    for (let at = 0, size = 1; at < whole.length; at += size, size = (size * 7) % 1_009) {
      const piece = Buffer.from(whole.subarray(at, at + size));
      request.emit('data', piece);
      if (at > 0) piece.fill(0);
    }
    request.emit('end');
    const { kind, bytes } = body() as { kind: string; bytes: Buffer };
    expect([kind, whole.equals(bytes)]).toEqual(['whole', true]);
  },
);

it('a body in one piece is returned without a copy', () => {
  const { request, body } = begin();
  const piece = Buffer.from('whole');
  request.emit('data', piece);
  request.emit('end');
  expect((body() as { bytes: Buffer }).bytes).toBe(piece);
});

it('an empty body is accepted, and one with too many bytes is refused', () => {
  const [empty, large] = [begin(), begin()];
  empty.request.emit('end');
  expect(empty.body()).toEqual({ kind: 'whole', bytes: Buffer.alloc(0) });
  large.request.emit('data', Buffer.alloc(60_000));
  large.request.emit('data', Buffer.alloc(40_001));
  expect(large.body()).toMatchObject({ kind: 'refused', status: 413 });
});

it('[TR-3.7] a body of announced length reserves its room from the start until it is over', () => {
  const room = new BodyBudget(100_000);
  const first = begin({ 'content-length': '60000' }, room);
  const second = begin({ 'content-length': '60000' }, room);
  expect(first.body()).toBeUndefined();
  expect(second.body()).toMatchObject({ kind: 'refused', status: 503, code: 'busy' });
  first.request.emit('close');
  expect(begin({ 'content-length': '60000' }, room).body()).toBeUndefined();
});

it('[TR-3.7] a body of unknown length takes room as it arrives, and gives it back when it is refused', () => {
  const room = new BodyBudget(100_000);
  const first = begin({}, room);
  first.request.emit('data', Buffer.alloc(60_000));
  const second = begin({}, room);
  second.request.emit('data', Buffer.alloc(30_000));
  second.request.emit('data', Buffer.alloc(30_000));
  expect(second.body()).toMatchObject({ kind: 'refused', status: 503, code: 'busy' });
  first.request.emit('data', Buffer.alloc(40_000));
  expect(first.body()).toBeUndefined();
});

it('[TR-3.8] an announced body that does not arrive gives its room to a smaller one', () => {
  const room = new BodyBudget(100_000);
  const announced = begin({ 'content-length': '60000' }, room);
  const half = begin({ 'content-length': '40000' }, room);
  half.request.emit('data', Buffer.alloc(20_000));
  const small = begin({ 'content-length': '200' }, room);
  expect(announced.body()).toMatchObject({ kind: 'refused', status: 503, code: 'busy' });
  small.request.emit('data', Buffer.alloc(200));
  small.request.emit('end');
  half.request.emit('data', Buffer.alloc(20_000));
  half.request.emit('end');
  expect([small.body()?.kind, half.body()?.kind]).toEqual(['whole', 'whole']);
  expect(begin({ 'content-length': '100000' }, room).body()).toBeUndefined();
});

describe('a slow body', () => {
  const late: Body = { kind: 'refused', status: 408, code: 'body_timeout' };

  /** Begins to read a body with timers. `pass` advances the time to the next check of the body's speed and returns it, in ms. */
  function watched(): { request: EventEmitter; pass: () => number; body: () => Body | undefined } {
    const request = Object.assign(new EventEmitter(), { headers: {} });
    let due: TimerEntry | undefined;
    let [now, dueAt] = [0, 0];
    let body: Body | undefined;
    const watching: TimerWheel = {
      schedule: (entry, ms) => {
        due = entry;
        dueAt = now + ms;
      },
      cancel: () => {
        due = undefined;
      },
      stop: () => undefined,
    };
    const slowly = { bodyTimeoutMs: 10_000, bodyRateBytesMin: 256, bodyRateAfterMs: 5_000 };
    const limits = { bytesMax: 100_000, room: new BodyBudget(1_000_000), address: 'a', times: slowly };
    readBody(request as unknown as IncomingMessage, limits, watching, (read) => {
      body = read;
    });
    const pass = (): number => {
      now = dueAt;
      due?.onTimer(now);
      return now;
    };
    return { request, pass, body: () => body };
  }

  it('[TR-3.4] a body that is incomplete after ten seconds is refused, however much of it arrived', () => {
    const { request, pass, body } = watched();
    request.emit('data', Buffer.alloc(50_000));
    while (pass() < 10_000) expect(body()).toBeUndefined();
    expect(body()).toEqual(late);
  });

  it('[TR-3.5] a body slower than 256 bytes a second is refused after five seconds', () => {
    const [slow, fast] = [watched(), watched()];
    slow.request.emit('data', Buffer.alloc(5 * 256 - 1));
    fast.request.emit('data', Buffer.alloc(5 * 256));
    expect([slow.pass(), fast.pass()]).toEqual([5_000, 5_000]);
    expect([slow.body(), fast.body()]).toEqual([late, undefined]);
    fast.pass();
    expect(fast.body()).toEqual(late);
  });
});
