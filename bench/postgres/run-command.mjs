import { createHash, createSecretKey, randomBytes } from 'node:crypto';
import { chatLimits, commandText, planCommand } from '@everywire/chat';
import { createPostgresStore } from '../../packages/store-postgres/dist/index.js';

/** Shared by all ways, so that they keep the same hash of the same command. */
export const commandKey = createSecretKey(randomBytes(32));

export function openStore(url) {
  return createPostgresStore({
    ...{ url, commandKey, chatLimits },
    onLimitsDiffer: (error) => {
      throw error;
    },
  });
}

/** Plans a command as the chat server does. Throws where it is refused without a look at the store. */
export function planOf({ actor, command, messageId, now }) {
  const plan = planCommand(command, { actor, now, messageId, limits: chatLimits, files: null, forwarded: null });
  if (plan.outcome === 'refused') throw new Error(`${command.command} was refused: ${plan.code}`);
  return plan;
}

/** Returns the key that identifies a repeated command. */
export function keyOf({ actor, command, now }) {
  const hash = createHash('sha256').update(commandText(command)).digest('base64url');
  return { user: actor, id: command.id, hash, at: now };
}

/**
 * Runs a command through the Store port, as the chat server does, and returns its result. Throws unless it is
 * committed.
 */
export async function runCommand(store, request) {
  const { target, needs, decide } = planOf(request);
  const outcome = await store.change({ target, needs, decide, key: keyOf(request), active: [request.actor] });
  if (outcome.outcome !== 'committed')
    throw new Error(`${request.command.command}: ${outcome.outcome} ${outcome.code ?? ''}`);
  return outcome.result;
}
