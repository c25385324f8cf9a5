import type { ConversationId } from '@everywire/chat';
import type { ChatCore } from './core/chat-core.js';
import { isProvisional, peerOf } from './core/provisional.js';
import type { Engine } from './engine.js';
import { mintId } from './mint-id.js';

/**
 * Queues the command that creates a provisional conversation (one that exists only on this device), before its first
 * message is queued. One write stores both commands on the device, so that both are executed once even if the page
 * closes. No list shows the conversation before it contains the message. No-op if the conversation is not provisional.
 */
export function createFirst(core: ChatCore, conversation: ConversationId): void {
  const peer = core.directs.awaitsCreation(conversation);
  if (peer === null) return;
  core.enqueue({ command: 'createDirect', id: mintId(), peer, begins: 'message' }, Date.now());
}

/**
 * Asks the server whether a provisional conversation already exists there: it may be in a part of the list that is not
 * loaded, or the user may have dismissed it. If it exists, replaces the provisional conversation by it.
 */
export function findDirect(engine: Engine, core: ChatCore, conversation: ConversationId): void {
  if (!isProvisional(core.directs.at(conversation))) return;
  const peer = peerOf(conversation);
  engine.ask({ command: 'createDirect', id: mintId(), peer, begins: 'never' }).then(
    (found) => engine.whenLoaded(() => core.directs.learn(peer, found.conversation)),
    // Not found, or offline. The first message finds the conversation too.
    () => undefined,
  );
}
