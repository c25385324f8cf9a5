import { type ChatClient, isProvisional, peerOf } from '@everywire/chat-client';
import { askBeforeUnload } from '../app/unload-question.js';
import { PendingAttachments } from './pending-attachments.js';

/** By conversation, and root of the thread. */
const byClient = new WeakMap<ChatClient, Map<string, PendingAttachments>>();

/** The attachments of a conversation or thread: there for as long as one is signed in, whatever is open. */
export function attachmentsAt(client: ChatClient, conversation: number, root: number | null): PendingAttachments {
  const known = byClient.get(client) ?? attachmentsOf(client);
  const place = placeOf(conversation, root);
  const upload: ChatClient['upload'] = (file, options) => client.upload(file, options);
  const attachments = known.get(place) ?? warnBeforeUnload(new PendingAttachments(upload, () => isConnected(client)));
  known.set(place, attachments);
  return attachments;
}

/** Nothing else keeps what waits in a attachments: the page is not left without a question then. */
function warnBeforeUnload(attachments: PendingAttachments): PendingAttachments {
  let endQuestion: (() => void) | null = null;
  attachments.subscribe(() => {
    if (attachments.getSnapshot().items.length > 0) {
      endQuestion ??= askBeforeUnload();
      return;
    }
    endQuestion?.();
    endQuestion = null;
  });
  return attachments;
}

/** How many files wait to be sent, on their way up or failed among them. */
export function pendingFileCount(client: ChatClient): number {
  return [...(byClient.get(client)?.values() ?? [])].reduce(
    (sum, attachments) => sum + attachments.getSnapshot().items.length,
    0,
  );
}

/** What was put beside the field before a first message is sent along in the conversation that it created. */
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

/** The first of a client: from now on its attachments resume as often as the connection comes back. */
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

/** Signed out: nothing goes up any more, and nothing waits. */
export function discardAttachments(client: ChatClient): void {
  for (const attachments of byClient.get(client)?.values() ?? []) attachments.stop();
}
