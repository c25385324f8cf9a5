import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { frameEncoding } from '@everywire/protocol/internal';
import { describe, expect, it } from 'vitest';
import { MessageMaker } from '../gathering/message-maker.js';
import { Tick } from '../gathering/tick.js';
import { defaultServerLimits } from '../limits.js';
import { createTimerWheel } from '../timer-wheel.js';
import type { TopicClass } from '../wire-session.js';
import type { RawHost } from './raw-carrier.js';
import { RawEventStream } from './raw-event-stream.js';
import { RawTopics } from './raw-topics.js';

// Tests `RawEventStream`, an event stream for an `EventSource` without the library's client. If its reader is slow,
// messages are dropped: those of class `hint` with a report, `ephemeral` ones without.

/** A response whose test sets how many written bytes wait (`writableLength`). `written` is everything written. */
class SlowResponse extends EventEmitter {
  writableLength = 0;
  written = '';
  writeHead(): this {
    return this;
  }
  write(bytes: string | Uint8Array): boolean {
    this.written += typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString();
    return true;
  }
  cork(): void {}
  uncork(): void {}
}

/** Starts a stream for topic `a`, with at most 1,000 waiting bytes. */
function start(): {
  readonly response: SlowResponse;
  readonly stream: RawEventStream;
  /** Publishes, and ends the tick. */
  publish(text: string, topicClass: TopicClass): void;
} {
  const limits = { ...defaultServerLimits, rawWaitingBytesMax: 1_000 };
  const now = (): number => 0;
  const wheel = createTimerWheel(limits.tickMs, now);
  const maker = new MessageMaker(limits.messageBytesMax);
  const topics = new RawTopics({
    hub: { addAudience: () => undefined, removeAudience: () => undefined },
    limits,
    wheel,
    now,
    hasHistory: () => false,
  });
  const framing = { parserOptions: { masked: true, messageBytesMax: 1_000, fragmentsMax: 8 }, frames: frameEncoding };
  const host: RawHost = {
    wheel,
    limits,
    maker,
    topics,
    now,
    plain: framing,
    deflating: () => framing,
    onMessage: null,
    turn: new Tick(now, [], () => undefined),
    nextSerial: () => -1,
    onHandlerFailed: () => undefined,
    onSlowLink: () => undefined,
    onLinkGone: () => undefined,
    onRefused: () => undefined,
  };
  const response = new SlowResponse();
  const request = { headers: {} } as IncomingMessage;
  const stream = new RawEventStream(host, request, response as unknown as ServerResponse, { kind: 'absent' });
  stream.admitted({ subject: '' }, ['a']);
  const topic = topics.join({ serial: -2, deliver: () => undefined, reset: () => undefined }, 'a');
  wheel.stop();
  return {
    response,
    stream,
    publish(text, topicClass): void {
      topic.deliver(maker.make(text), topicClass, undefined);
      stream.flush();
    },
  };
}

/** The data of each event. */
const dataOf = (text: string): readonly string[] =>
  [...text.matchAll(/^data: (.*)$/gm)].map((found) => String(found[1]));

describe('[EN-16.3] RawEventStream with a slow reader', () => {
  it('a slow raw event stream sends no further event before it has reported the dropped one', () => {
    const { response, publish } = start();
    publish('1', 'hint');
    response.writableLength = 1_000;
    publish('2', 'hint');
    // There is room again, but the dropped message has not been reported yet.
    response.writableLength = 500;
    publish('3', 'hint');
    publish('4', 'durable');
    expect(dataOf(response.written)).toEqual(['1']);
    response.writableLength = 0;
    response.emit('drain');
    publish('5', 'hint');
    expect(dataOf(response.written)).toEqual(['1', '{"topic":"a","reason":"dropped"}', '5']);
    const ids = [...response.written.matchAll(/^id: .*-(\d+)$/gm)].map((found) => Number(found[1]));
    expect(ids).toEqual([0, 1, 4, 5]);
  });

  it('a slow raw event stream reports a dropped event at its next heartbeat at the latest', () => {
    const { response, stream, publish } = start();
    response.writableLength = 1_000;
    publish('1', 'hint');
    response.writableLength = 0;
    stream.onTimer();
    stream.flush();
    expect(dataOf(response.written)).toEqual(['{"topic":"a","reason":"dropped"}']);
  });

  it('a slow raw event stream drops ephemeral messages without a report and delivers the later ones', () => {
    const { response, publish } = start();
    response.writableLength = 1_000;
    publish('1', 'ephemeral');
    response.writableLength = 0;
    response.emit('drain');
    publish('2', 'ephemeral');
    expect(dataOf(response.written)).toEqual(['2']);
  });
});
