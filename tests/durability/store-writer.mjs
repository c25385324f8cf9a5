// Writes into a store until it is killed, and prints each acknowledged send: `node store-writer.mjs FILE FIRST`.
// Plain JavaScript over the built packages, so that a kill hits what is shipped. Command ids count up from FIRST.
import { writeSync } from 'node:fs';
import { chatLimits, commandText, planCommand } from '@everywire/chat';
import { createSqliteStore } from '@everywire/store-sqlite';

const IN_FLIGHT = 32;
const CONVERSATIONS = 20;
const [file, first] = process.argv.slice(2);
const store = createSqliteStore({ file });
let next = Number(first);

/** @param {number} actor @param {object} command */
async function run(actor, command) {
  const id = next.toString(16).padStart(32, '0');
  const messageId = next.toString(16).padStart(16, '0');
  next += 1;
  const now = Date.now();
  const whole = { ...command, id };
  const plan = planCommand(whole, { actor, now, messageId, limits: chatLimits });
  if (plan.outcome === 'refused') throw new Error(plan.code);
  const key = { user: actor, id, hash: commandText(whole), at: now };
  const outcome = await store.change({ ...plan, key });
  if (outcome.outcome === 'refused') throw new Error(outcome.code);
  return { id, result: outcome.result };
}

/** @param {number} slot */
async function sendForever(slot) {
  const [ann, bob] = [1 + (slot % CONVERSATIONS), 1001 + (slot % CONVERSATIONS)];
  const { result } = await run(ann, { command: 'createDirect', peer: bob });
  for (let turn = slot; ; turn += 1) {
    const actor = turn % 2 === 0 ? ann : bob;
    const sent = await run(actor, { command: 'send', conversation: result.conversation, text: `message ${next}` });
    // Synchronously into the pipe: what the parent has read was acknowledged before the kill.
    writeSync(1, `${result.conversation} ${sent.result.sequence} ${sent.id}\n`);
  }
}

await Promise.all(Array.from({ length: IN_FLIGHT }, (_, slot) => sendForever(slot)));
