import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addToSum } from '../checksum.js';
import { Message } from '../message.js';
import { MessageBatch } from './message-batch.js';
import { RunQueue } from './run-queue.js';

// Tests `RunQueue`, the queue of messages that a server session has sent and itsMemory client has not acknowledged. A run is
// a part of a `MessageBatch` (messages published to many sessions), stored once for all of them.

/** The memory that the messages of these tests are views of. */
const memory = new Uint8Array(4096).map((_, at) => at * 7);

/** Creates a message whose place in the memory depends on itsMemory serial. */
function createMessage(length: number, serial: number): Message {
  return new Message(false, memory, serial, undefined, (serial * 3) % 2000, length);
}

/** Creates a message stored as a WebSocket frame, with this many escape bytes between the frame's head and the content. */
function createFramed(length: number, serial: number, escapeBytes = 0): Message {
  const from = 14 + ((serial * 3) % 2000);
  return new Message(false, memory, serial, undefined, from, length, from - (length > 125 ? 4 : 2) - escapeBytes);
}

/** The properties of a message that itsMemory receiver can distinguish. */
function placeOf({ binary, byteLength, hash, from, frame, key }: Message): string {
  return [binary, byteLength, hash, from, frame, key].join(' ');
}

/** A queue together with a model of it: a list of all messages ever added. The message at index k has number k + 1. */
class QueueModel {
  readonly queue = new RunQueue();
  readonly all: Message[] = [];
  acked = 0;
  sum = 0;
  #serial = 0;
  #messageBatch = new MessageBatch(createMessage(1, 0));

  /** Adds one message. */
  one(length: number): void {
    const message = createMessage(length, ++this.#serial);
    this.queue.add(message, this.all.length + 1);
    this.all.push(message);
  }

  /** Adds one message stored as a frame. */
  framed(length: number): void {
    const message = createFramed(length, ++this.#serial);
    this.queue.add(message, this.all.length + 1);
    this.all.push(message);
  }

  /** Adds the next messages of the batch, or the first ones of a new batch if `fresh`. */
  run(count: number, length: number, fresh: boolean): void {
    if (fresh) this.#messageBatch = new MessageBatch(createMessage(length, ++this.#serial));
    const from = fresh ? 0 : this.#messageBatch.length;
    while (this.#messageBatch.length < from + count)
      this.#messageBatch.add(createMessage(length + this.#messageBatch.length, ++this.#serial));
    const first = this.all.length + 1;
    for (let at = from; at < from + count; at += 1) this.all.push(this.#messageBatch.at(at));
    this.queue.addRun(this.#messageBatch, from, first, this.all.length);
  }

  /** Acknowledges this share of the queue, from itsMemory start. */
  release(part: number): void {
    const ack = this.acked + Math.floor((this.all.length - this.acked) * part);
    const gone = this.all.slice(this.acked, ack);
    const sum = gone.reduce((before, message) => addToSum(before, message.hash), this.sum);
    expect(this.queue.sumTo(this.acked, this.sum, ack)).toBe(sum);
    expect(this.queue.release(this.acked, ack)).toBe(gone.reduce((bytes, { byteLength }) => bytes + byteLength, 0));
    this.acked = ack;
    this.sum = sum;
  }

  /** Removes messages from the end of the queue so that this share remains. */
  cut(part: number): void {
    const last = this.acked + Math.floor((this.all.length - this.acked) * part);
    this.queue.cut(this.acked, last);
    this.all.length = last;
  }

  /** Expects the queue to hold exactly the messages of the list that are not acknowledged. */
  check(): void {
    expect(this.queue.isEmpty).toBe(this.acked === this.all.length);
    const kept = new Set(this.all.slice(this.acked).map((message) => message.memory));
    this.queue.eachMemory((itsMemory) => expect(kept.has(itsMemory)).toBe(true));
    for (let number = this.acked + 1; number <= this.all.length; number += 1)
      expect(placeOf(this.queue.messageAt(number))).toBe(placeOf(this.all[number - 1] as Message));
  }
}

/** Random sequences of the operations above. */
const steps = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('one' as const), length: fc.nat(50) }),
    fc.record({ do: fc.constant('framed' as const), length: fc.nat(300) }),
    fc.record({ do: fc.constant('run' as const), count: fc.integer({ min: 1, max: 9 }), fresh: fc.boolean() }),
    fc.record({ do: fc.constant('release' as const), part: fc.double({ min: 0, max: 1, noNaN: true }) }),
    fc.record({ do: fc.constant('cut' as const), part: fc.double({ min: 0, max: 1, noNaN: true }) }),
  ),
  { maxLength: 60 },
);

it('[SN-27.3] [SN-5.13] a queue of runs behaves like a queue of messages, with their bytes and checksums', () => {
  fc.assert(
    fc.property(steps, (list) => {
      const model = new QueueModel();
      for (const step of list) {
        if (step.do === 'one') model.one(step.length);
        else if (step.do === 'framed') model.framed(step.length);
        else if (step.do === 'run') model.run(step.count, 5, step.fresh);
        else model[step.do](step.part);
        model.check();
      }
    }),
    { numRuns: 300 },
  );
});

it('[SN-27.3] consecutive messages of one messageBatch take one run, however many ticks they arrived in', () => {
  const model = new QueueModel();
  for (let turn = 0; turn < 100; turn += 1) model.run(2, 1, turn === 0);
  expect(model.queue.size).toBe(1);
  for (let turn = 0; turn < 100; turn += 1) model.one(1);
  expect(model.queue.size).toBe(101);
  model.release(1);
  expect([model.queue.size, model.queue.isEmpty]).toEqual([0, true]);
});

it('[SN-27.3] the queue keeps only the frame of a message that is laid out as one', () => {
  const queue = new RunQueue();
  const message = createFramed(130, 7);
  queue.add(message, 1);
  expect(queue.messageAt(1)).not.toBe(message);
  expect(queue.frameAt(1)).toEqual(memory.subarray(message.frame, message.from + 130));
  const memories: Uint8Array[] = [];
  queue.eachMemory((itsMemory) => memories.push(itsMemory));
  expect(memories).toEqual([memory]);
});

it('[SN-16.3] [SN-33.1] the queue keeps a message that its frame does not describe fully', () => {
  const queue = new RunQueue();
  const replacing = createFramed(3, 9);
  replacing.key = 'room\0place';
  const large = new Message(false, new Uint8Array(1 << 15), 1, undefined, 2, 3, 0);
  const all = [createFramed(3, 8, 1), replacing, large, createMessage(3, 1)];
  for (const [at, message] of all.entries()) queue.add(message, at + 1);
  for (const [at, message] of all.entries()) {
    expect(queue.messageAt(at + 1)).toBe(message);
    expect(queue.frameAt(at + 1)).toBeNull();
  }
});

it('[SN-3] released chunks are reused without their former content', () => {
  const former = new QueueModel();
  for (let turn = 0; turn < 50; turn += 1) former.one(3);
  former.release(1);
  former.queue.giveBack();
  const after = new QueueModel();
  for (let turn = 0; turn < 50; turn += 1) after.framed(4);
  after.check();
  after.release(0.5);
  after.cut(0.5);
  for (let turn = 0; turn < 30; turn += 1) after.one(2);
  after.check();
});
