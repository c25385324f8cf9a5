// Fills a group, deletes it, and sends to another group during the erasure, until it is killed: `node erase-writer.mjs
// FILE FIRST`. Prints the acknowledged messages together with the deletion, then each send and recall. Plain JavaScript
// with the built packages, so that a kill hits the shipped code. Command ids count up from FIRST.
import { writeSync } from 'node:fs';
import { createSqliteStore } from '@everywire/store-sqlite';
import { commandRunner } from './command-runner.mjs';

const TEXTS = 480;
const TALKERS = 2;
const [file, first] = process.argv.slice(2);
// Erases few rows per commit, so that kills fall between them, and empties the log soon after the last.
const store = createSqliteStore({ file, limits: { erasedRowsAtOnce: 8, erasePauseMs: 5, checkpointIntervalMs: 50 } });
const { run, next } = commandRunner(store, Number(first));

/** Writes acknowledged lines synchronously into the pipe. */
function report(lines) {
  writeSync(1, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

/** @param {string} name */
async function group(name) {
  const { result } = await run(1, { command: 'createGroup', name, users: [2] });
  return result.conversation;
}

/**
 * Sends a text with a unique number, and returns the acknowledged message.
 * @param {number} conversation @param {string} word @param {number} size
 */
async function send(conversation, word, size) {
  const number = next();
  const text = `${word} ${number}. ${'x'.repeat(size)}`;
  const { messageId, result } = await run(1, { command: 'send', conversation, text });
  return { kind: 'sent', conversation, sequence: result.sequence, text, number, id: messageId };
}

/**
 * Sends and edits a message, and returns the numbers of both texts.
 * @param {number} conversation @param {string} word
 */
async function sendAndEdit(conversation, word) {
  const { sequence, id, number } = await send(conversation, word, 30);
  const [message, edited] = [{ sequence, id }, next()];
  await run(1, { command: 'edit', conversation, message, base: 0, text: `${word} ${edited}. afterwards` });
  return { message, numbers: [number, edited] };
}

/** @param {number} conversation */
async function sendAndRecall(conversation) {
  const { message, numbers } = await sendAndEdit(conversation, 'heron');
  await run(1, { command: 'recall', conversation, message });
  return { kind: 'gone', numbers };
}

/** Sends a message that will be deleted with its group. @param {number} conversation @param {number} index */
async function sendToGone(conversation, index) {
  const edits = index % 5 === 0;
  const numbers = edits
    ? (await sendAndEdit(conversation, 'tiger')).numbers
    : [(await send(conversation, 'tiger', (index * 11) % 90)).number];
  return { kind: 'gone', numbers };
}

const stays = await group('stays');
const gone = await group('gone');
// Concurrent, so that the two groups share database pages.
const before = await Promise.all(
  Array.from({ length: TEXTS }, (_, index) => {
    if (index % 12 === 0) return sendAndRecall(stays);
    return index % 2 === 0 ? send(stays, 'heron', (index * 7) % 90) : sendToGone(gone, index);
  }),
);
await run(1, { command: 'delete', conversation: gone });
report([...before, { kind: 'deleted', conversation: gone }]);

async function talkForever() {
  for (;;) {
    report([await send(stays, 'heron', 20), await sendAndRecall(stays)]);
    // Slow enough for the log to be emptied meanwhile.
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
await Promise.all(Array.from({ length: TALKERS }, talkForever));
