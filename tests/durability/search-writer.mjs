// Fills blocks of a store, and edits texts in full blocks, until it is killed: `node search-writer.mjs FILE FIRST`.
// Prints each acknowledged send and edit. Plain JavaScript with the built packages, so that a kill hits the shipped
// code. Command ids count up from FIRST.
import { writeSync } from 'node:fs';
import { createSqliteStore } from '@everywire/store-sqlite';
import { commandRunner } from './command-runner.mjs';

const IN_FLIGHT = 16;
const GROUPS = 3;
const words = ['的', '中国', '国人', 'いち', '한국', 'alpha', 'alphabet', 'beta', 'mixed混合', '👍'];
const [file, first] = process.argv.slice(2);
// Writes one filter per commit with a pause after each, so that kills fall between them.
const store = createSqliteStore({ file, limits: { searchIndexMs: 20, searchBlocksAtOnce: 1 } });
const { run, next } = commandRunner(store, Number(first));

/** Writes an acknowledged text synchronously into the pipe. */
function report(conversation, sequence, text) {
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
    report(conversation, result.sequence, text);
    sent.push({ sequence: result.sequence, id: messageId });
    if (turn % 10 !== 0) continue;
    // Some of these messages are in a full block whose filter is being built.
    const message = sent.splice(Math.floor(Math.random() * sent.length), 1)[0];
    const edited = `${words3()} edited no${next()}`;
    await run(1, { command: 'edit', conversation, message, base: 0, text: edited });
    report(conversation, message.sequence, edited);
  }
}

const { entries } = await store.listPage(1, null, GROUPS);
const groups = entries.map(({ conversation }) => conversation);
while (groups.length < GROUPS) {
  const { result } = await run(1, { command: 'createGroup', name: `group ${groups.length}`, users: [2] });
  groups.push(result.conversation);
}
await Promise.all(Array.from({ length: IN_FLIGHT }, (_, slot) => sendForever(groups[slot % GROUPS])));
