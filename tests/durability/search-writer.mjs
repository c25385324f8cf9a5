// Fills blocks of a store, and changes texts in blocks that are full, until it is killed: `node search-writer.mjs FILE FIRST`. Prints each acknowledged send and edit. Plain
// JavaScript over the built packages, so that a kill hits what is shipped. Command ids count up from FIRST.
import { writeSync } from 'node:fs';
import { createSqliteStore } from '@everywire/store-sqlite';
import { commandRunner } from './command-runner.mjs';

const IN_FLIGHT = 16;
const GROUPS = 3;
const words = ['的', '中国', '国人', 'いち', '한국', 'alpha', 'alphabet', 'beta', 'mixed混合', '👍'];
const [file, first] = process.argv.slice(2);
// One filter a commit, and a pause between them, so that kills fall among them.
const store = createSqliteStore({ file, limits: { searchIndexMs: 20, searchBlocksAtOnce: 1 } });
const { run, next } = commandRunner(store, Number(first));

/** What was acknowledged goes synchronously into the pipe. */
function say(conversation, sequence, text) {
  writeSync(1, `${JSON.stringify({ conversation, sequence, text })}\n`);
}

function words3() {
  return Array.from({ length: 3 }, () => words[Math.floor(Math.random() * words.length)]).join(' ');
}

/** @param {number} conversation */
async function sendForever(conversation) {
  const sent = [];
  for (let turn = 1; ; turn += 1) {
    const text = `${words3()} no${next()}`;
    const { messageId, result } = await run(1, { command: 'send', conversation, text });
    say(conversation, result.sequence, text);
    sent.push({ sequence: result.sequence, id: messageId });
    if (turn % 10 !== 0) continue;
    // Of those, some are in a full block whose filter is being made.
    const message = sent.splice(Math.floor(Math.random() * sent.length), 1)[0];
    const edited = `${words3()} edited no${next()}`;
    await run(1, { command: 'edit', conversation, message, base: 0, text: edited });
    say(conversation, message.sequence, edited);
  }
}

const { entries } = await store.listPage(1, null, GROUPS);
const groups = entries.map(({ conversation }) => conversation);
while (groups.length < GROUPS) {
  const { result } = await run(1, { command: 'createGroup', name: `group ${groups.length}`, users: [2] });
  groups.push(result.conversation);
}
await Promise.all(Array.from({ length: IN_FLIGHT }, (_, slot) => sendForever(groups[slot % GROUPS])));
