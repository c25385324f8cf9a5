import type { WireServer } from '@everywire/server';
import type { AccessMonitor } from './access-monitor.js';
import type { CommandDependencies } from './command-dependencies.js';
import type { Logger } from './logger.js';
import type { EndedAccess, NodeMessage } from './node-message.js';
import type { SharedCounts } from './shared-counts.js';
import { NODES_TOPIC } from './topics.js';
import type { Visibility } from './visibility.js';

// The messages between the nodes (server processes) of one installation, which the broker carries.

/** Sends a message to every other node. */
export type SendToNodes = (message: NodeMessage) => void;

/** Maximum sign-ins that one message names. */
const IDS_PER_MESSAGE = 500;

/** Handles messages from other nodes. Logs and ignores a message that it cannot process, such as one of another version. */
export function receiveFromNodes(
  wire: WireServer,
  parts: {
    readonly dependencies: Pick<CommandDependencies, 'hints' | 'presence'>;
    readonly visibility: Pick<Visibility, 'receive'>;
    readonly access: AccessMonitor;
    readonly counts: Pick<SharedCounts, 'receive'>;
    readonly sendToNodes: SendToNodes;
    readonly onMissed: () => void;
    readonly log: Logger;
  },
): void {
  wire.listen(NODES_TOPIC, {
    onMessage: (data) => {
      try {
        receive(JSON.parse(String(data)) as NodeMessage, parts);
      } catch (error) {
        parts.log.error('A message from another node could not be processed.', error);
      }
    },
    onMissed: parts.onMissed,
  });
}

function receive(
  message: NodeMessage,
  { dependencies, visibility, access, counts, sendToNodes }: Parameters<typeof receiveFromNodes>[1],
): void {
  const { hints, presence } = dependencies;
  switch (message.about) {
    case 'ended':
      access.end(message.ended);
      break;
    case 'spent':
      counts.receive(message.spent);
      break;
    case 'visibility':
      visibility.receive(message.change);
      break;
    case 'presenceAsked':
      presence.asked();
      break;
    case 'presence':
      if (presence.isNew(message)) sendToNodes({ about: 'presenceAsked' });
      hints.presence(presence.receive(message));
      break;
    default:
      hints.receive(message);
  }
}

/** Splits a message that may name any number of sign-ins, because messages between nodes are bounded. */
export function inParts(ended: EndedAccess): readonly EndedAccess[] {
  if (ended.of !== 'credentials') return [ended];
  const parts: EndedAccess[] = [];
  for (let from = 0; from < ended.ids.length; from += IDS_PER_MESSAGE)
    parts.push({ of: 'credentials', ids: ended.ids.slice(from, from + IDS_PER_MESSAGE) });
  return parts;
}
