import type { ConversationId } from '@everywire/chat';
import type { ChatCore } from './core/chat-core.js';
import { isProvisional, peerOf } from './core/provisional.js';
import type { Engine } from './engine.js';
import { mintId } from './mint-id.js';

/**
 * Puts what creates a provisional conversation into the outbox, in front of its first message. Both are kept on the device in one write, so
 * that they happen once whatever happens to this page; the conversation is in nobody's list before the message is in it.
 */
export function createFirst(core: ChatCore, conversation: ConversationId): void {
  const peer = core.directs.awaitsCreation(conversation);
  if (peer === null) return;
  core.enqueue({ command: 'createDirect', id: mintId(), peer, begins: 'message' }, Date.now());
}

/** Asks for the conversation that a provisional one may turn out to be: far down the list, or taken off it. */
export function findDirect(engine: Engine, core: ChatCore, conversation: ConversationId): void {
  if (!isProvisional(core.directs.at(conversation))) return;
  const peer = peerOf(conversation);
  engine.ask({ command: 'createDirect', id: mintId(), peer, begins: 'never' }).then(
    (found) => engine.whenLoaded(() => core.directs.learn(peer, found.conversation)),
    // There is none, or no connection: the first message finds it too.
    () => undefined,
  );
}
