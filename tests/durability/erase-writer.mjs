// Fills a group, deletes it and talks on in another while it is erased, until it is killed: `node erase-writer.mjs FILE FIRST`. Prints what was acknowledged before the
// deletion together with it, then each send and recall. Plain JavaScript over the built packages, so that a kill hits what is shipped. Command ids count up from FIRST.
import { writeSync } from 'node:fs';
import { createSqliteStore } from '@everywire/store-sqlite';
import { commandRunner } from './command-runner.mjs';

const TEXTS = 480;
const TALKERS = 2;
const [file, first] = process.argv.slice(2);
// Few rows in a commit, so that kills fall among them, and a log that is emptied soon after the last.
const store = createSqliteStore({ file, limits: { erasedRowsAtOnce: 8, erasePauseMs: 5, checkpointIntervalMs: 50 } });
const { run, next } = commandRunner(store, Number(first));

/** What was acknowledged goes synchronously into the pipe. */
function say(lines) {
  writeSync(1, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

/** @param {string} name */
async function group(name) {
  const { result } = await run(1, { command: 'createGroup', name, users: [2] });
  return result.conversation;
}

/** Answers what was acknowledged, by the number that no other text has. @param {number} conversation @param {string} word @param {number} size */
async function send(conversation, word, size) {
  const number = next();
  const text = `${word} ${number}. ${'x'.repeat(size)}`;
  const { messageId, result } = await run(1, { command: 'send', conversation, text });
  return { kind: 'sent', conversation, sequence: result.sequence, text, number, id: messageId };
}

/** Answers the numbers of what it said at first and of what it says then. @param {number} conversation @param {string} word */
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

/** What will be deleted with its group. @param {number} conversation @param {number} index */
async function sendToGone(conversation, index) {
  const edits = index % 5 === 0;
  const numbers = edits
    ? (await sendAndEdit(conversation, 'tiger')).numbers
    : [(await send(conversation, 'tiger', (index * 11) % 90)).number];
  return { kind: 'gone', numbers };
}

const stays = await group('stays');
const gone = await group('gone');
// Side by side, so that pages of the one have rows of the other.
const before = await Promise.all(
  Array.from({ length: TEXTS }, (_, index) => {
    if (index % 12 === 0) return sendAndRecall(stays);
    return index % 2 === 0 ? send(stays, 'heron', (index * 7) % 90) : sendToGone(gone, index);
  }),
);
await run(1, { command: 'delete', conversation: gone });
say([...before, { kind: 'deleted', conversation: gone }]);

async function talkForever() {
  for (;;) {
    say([await send(stays, 'heron', 20), await sendAndRecall(stays)]);
    // So slowly that the log can be emptied meanwhile.
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
await Promise.all(Array.from({ length: TALKERS }, talkForever));
