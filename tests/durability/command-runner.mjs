import { createHash } from 'node:crypto';
import { chatLimits, commandText, planCommand } from '@everywire/chat';

/**
 * Runs commands as the server does, against a built store. Their ids count up from `first`.
 * @param {import('@everywire/chat').Store} store @param {number} first
 */
export function commandRunner(store, first) {
  let next = first;
  /** @param {number} actor @param {object} command */
  const run = async (actor, command) => {
    const id = next.toString(16).padStart(32, '0');
    const messageId = next.toString(16).padStart(16, '0');
    next += 1;
    const now = Date.now();
    const whole = { ...command, id };
    const plan = planCommand(whole, { actor, now, messageId, limits: chatLimits });
    if (plan.outcome === 'refused') throw new Error(plan.code);
    const hash = createHash('sha256').update(commandText(whole)).digest('base64url');
    const outcome = await store.change({ ...plan, key: { user: actor, id, hash, at: now } });
    if (outcome.outcome === 'refused') throw new Error(outcome.code);
    return { id, messageId, result: outcome.result };
  };
  return { run, next: () => next };
}
