import { type ChatClient, isProvisional, peerOf } from '@everywire/chat-client';
import { askBeforeUnload } from '../app/unload-prompt.js';
import { PendingAttachments } from './pending-attachments.js';

/** By conversation and thread root, see `placeOf`. */
const byClient = new WeakMap<ChatClient, Map<string, PendingAttachments>>();

/**
 * Returns the pending attachments of a conversation or thread. They are kept while the user is signed in, whichever conversation is open.
 */
export function attachmentsAt(client: ChatClient, conversation: number, root: number | null): PendingAttachments {
  const known = byClient.get(client) ?? attachmentsOf(client);
  const place = placeOf(conversation, root);
  const upload: ChatClient['upload'] = (file, options) => client.upload(file, options);
  const attachments = known.get(place) ?? warnBeforeUnload(new PendingAttachments(upload, () => isConnected(client)));
  known.set(place, attachments);
  return attachments;
}

/** Prompts before unload while there are attachments, because they are only in memory. */
function warnBeforeUnload(attachments: PendingAttachments): PendingAttachments {
  let endPrompt: (() => void) | null = null;
  attachments.subscribe(() => {
    if (attachments.getSnapshot().items.length > 0) {
      endPrompt ??= askBeforeUnload();
      return;
    }
    endPrompt?.();
    endPrompt = null;
  });
  return attachments;
}

/** Returns how many files wait to be sent, including uploading and failed ones. */
export function pendingFileCount(client: ChatClient): number {
  return [...(byClient.get(client)?.values() ?? [])].reduce(
    (sum, attachments) => sum + attachments.getSnapshot().items.length,
    0,
  );
}

/** Moves the attachments of a provisional conversation to the conversation that its first message has created. */
function moveToCreated(client: ChatClient, made: Map<string, PendingAttachments>): void {
  for (const [place, attachments] of made) {
    const conversation = Number(place.split('/')[0]);
    const id = isProvisional(conversation) ? client.direct(peerOf(conversation)) : conversation;
    if (id === conversation || made.has(placeOf(id, null))) continue;
    made.delete(place);
    made.set(placeOf(id, null), attachments);
  }
}

function placeOf(conversation: number, root: number | null): string {
  return `${conversation}/${root}`;
}

/** Creates the map of a client, and resumes its uploads whenever the connection returns. */
function attachmentsOf(client: ChatClient): Map<string, PendingAttachments> {
  const made = new Map<string, PendingAttachments>();
  byClient.set(client, made);
  let connected = isConnected(client);
  client.subscribe(() => {
    moveToCreated(client, made);
    const before = connected;
    connected = isConnected(client);
    if (connected && !before) for (const attachments of made.values()) attachments.resume();
  });
  return made;
}

function isConnected(client: ChatClient): boolean {
  return client.getSnapshot().connection.state === 'open';
}

/** Cancels all uploads of a client and removes its attachments. Called on sign-out. */
export function discardAttachments(client: ChatClient): void {
  for (const attachments of byClient.get(client)?.values() ?? []) attachments.stop();
}
