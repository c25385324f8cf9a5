import type { ConversationId } from '@everywire/chat';
import type { ChatCore } from './core/chat-core.js';
import { isProvisional, peerOf } from './core/provisional.js';
import type { Engine } from './engine.js';
import { mintId } from './mint-id.js';

/**
 * Queues the creation of a provisional conversation before its first message. One write stores both on the device, so that both
 * happen once even if the page closes; no list shows the conversation before it contains the message.
 */
export function createFirst(core: ChatCore, conversation: ConversationId): void {
  const peer = core.directs.awaitsCreation(conversation);
  if (peer === null) return;
  core.enqueue({ command: 'createDirect', id: mintId(), peer, begins: 'message' }, Date.now());
}

/** Looks up the real conversation of a provisional one: it may exist further down the list, or be dismissed. */
export function findDirect(engine: Engine, core: ChatCore, conversation: ConversationId): void {
  if (!isProvisional(core.directs.at(conversation))) return;
  const peer = peerOf(conversation);
  engine.ask({ command: 'createDirect', id: mintId(), peer, begins: 'never' }).then(
    (found) => engine.whenLoaded(() => core.directs.learn(peer, found.conversation)),
    // Not found, or offline: the first message finds it too.
    () => undefined,
  );
}
