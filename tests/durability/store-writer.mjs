// Writes into a store until it is killed, and prints each acknowledged send: `node store-writer.mjs FILE FIRST`.
// Plain JavaScript with the built packages, so that a kill hits the shipped code. Command ids count up from FIRST.
import { writeSync } from 'node:fs';
import { createSqliteStore } from '@everywire/store-sqlite';
import { commandRunner } from './command-runner.mjs';

const IN_FLIGHT = 32;
const CONVERSATIONS = 20;
const [file, first] = process.argv.slice(2);
const store = createSqliteStore({
  file,
  // No kill may lose anything, so this line fails the test.
  onAcknowledgedLost: (loss) => writeSync(1, `false report ${JSON.stringify(loss)}\n`),
});
const { run, next } = commandRunner(store, Number(first));

/** @param {number} slot */
async function sendForever(slot) {
  const [ann, bob] = [1 + (slot % CONVERSATIONS), 1001 + (slot % CONVERSATIONS)];
  const { result } = await run(ann, { command: 'createDirect', peer: bob });
  for (let turn = slot; ; turn += 1) {
    const actor = turn % 2 === 0 ? ann : bob;
    const sent = await run(actor, { command: 'send', conversation: result.conversation, text: `message ${next()}` });
    // Written synchronously, so that every line the parent reads was acknowledged before the kill.
    writeSync(1, `${result.conversation} ${sent.result.sequence} ${sent.id}\n`);
  }
}

await Promise.all(Array.from({ length: IN_FLIGHT }, (_, slot) => sendForever(slot)));
