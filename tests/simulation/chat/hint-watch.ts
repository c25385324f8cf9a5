import type { CommitEvent, ConversationId, Notice, ReceiptEvent, UserId } from '@everywire/chat';
import { stayChanges } from '@everywire/chat/internal';
import { watchTopic } from '@everywire/chat-server/internal';
import type { Device } from './device.js';
import type { NodeNetwork } from './node-network.js';
import type { HintMessage } from './node-people.js';
import { maySee, type TrueConversation } from './truth.js';
import type { World } from './world.js';

/**
 * CH-17: checks that every hint (a live event, which may be lost) is published to each connected device that it
 * concerns. Checked before the simulated bus between the nodes loses anything. A later check would find nothing, because
 * devices also poll, and so repair a missing hint (CH-16).
 *
 * The world calls `begin`, lets a node act, and then calls the `check` method for that action.
 */
export class HintWatch {
  readonly #world: World;
  readonly #network: NodeNetwork;
  /** Texts published to each device since `begin`. */
  readonly #published = new Map<Device, Set<string>>();
  /** Texts sent to all other nodes since `begin`. */
  #nodeMessages: string[] = [];
  /** Receipts that each node has not published yet. Of each member, only the newest counts. */
  readonly #receipts = new Map<number, Map<string, ReceiptEvent>>();
  /** Number of commits checked so far. It serves as a clock. */
  #commits = 0;
  /** Value of `#commits` for each event of a large conversation, by its text. */
  readonly #committedAt = new Map<string, number>();
  /** Value of `#commits` when each device connected. */
  readonly #connectedAt = new Map<Device, number>();
  /**
   * `node conversation user` of users whose join of a large conversation the node has not received. The node cannot
   * know that later events concern them.
   */
  readonly #unknownMembers = new Set<string>();

  constructor(world: World, network: NodeNetwork) {
    this.#world = world;
    this.#network = network;
  }

  /** Records that a device connected: its node then reads the large conversations of the user from the store. */
  noteConnected(device: Device): void {
    this.#connectedAt.set(device, this.#commits);
    this.#learnMembers(device.node, (user) => user === device.user);
  }

  /** Records that a node restarted. It loses its receipts and what it knew about members. */
  noteCrash(node: number): void {
    this.#receipts.delete(node);
    this.noteGap(node);
  }

  /** Records that a node detected lost messages of another node. It then reads all members again. */
  noteGap(node: number): void {
    this.#learnMembers(node, () => true);
  }

  /** Records commits of which no node is notified. */
  noteDropped(notices: readonly Notice[]): void {
    for (const notice of notices)
      if (notice.to === 'members') for (const node of this.#network.nodes.keys()) this.#addUnknown(node, notice.event);
  }

  /** Call before a node publishes, receives or flushes. */
  begin(): void {
    this.#published.clear();
    this.#nodeMessages = [];
  }

  notePublished(device: Device, text: string): void {
    this.#published.set(device, (this.#published.get(device) ?? new Set()).add(text));
  }

  noteNodeMessage(text: string): void {
    this.#nodeMessages.push(text);
  }

  /** Checks what a node published for the notices (events and their recipients) of a commit of its own. */
  checkPublished(node: number, notices: readonly Notice[]): void {
    this.#commits += 1;
    for (const notice of notices) {
      if (notice.to === 'users') {
        for (const device of this.#world.devices)
          if (device.online && notice.users.includes(device.user)) this.#expect(device, JSON.stringify(notice.event));
      } else if (notice.to === 'members') this.#checkCommit(node, notice.event);
      else {
        const { event } = notice;
        const receipts = this.#receipts.get(node) ?? new Map<string, ReceiptEvent>();
        this.#receipts.set(node, receipts.set(`${event.conversation} ${event.receipt.user}`, event));
      }
    }
  }

  /** Checks that a node has published its waiting receipts. */
  checkFlushed(node: number): void {
    for (const event of this.#receipts.get(node)?.values() ?? []) {
      this.#expectNodeMessage(node, JSON.stringify(event));
      this.#checkWatchers(node, event);
    }
    this.#receipts.delete(node);
  }

  /** Checks what a node published after a message from another node. */
  checkReceived(node: number, message: HintMessage): void {
    if (message.about === 'commit') {
      const { event } = message.notice;
      this.#checkMembers(node, event);
      const { begun } = stayChanges(event);
      for (const user of begun) this.#unknownMembers.delete(memberName(node, event.conversation, user));
    } else if (message.about === 'receipts') {
      for (const event of message.receipts) this.#checkWatchers(node, event);
    }
  }

  #checkCommit(node: number, event: CommitEvent): void {
    const text = JSON.stringify(event);
    this.#committedAt.set(text, this.#commits);
    this.#expectNodeMessage(node, text);
    this.#checkMembers(node, event);
    for (const other of this.#network.nodes.keys()) if (other !== node) this.#addUnknown(other, event);
  }

  #addUnknown(node: number, event: CommitEvent): void {
    for (const user of stayChanges(event).begun) this.#unknownMembers.add(memberName(node, event.conversation, user));
  }

  /** Checks that a node published a commit to its members on this node, whichever node committed it. */
  #checkMembers(node: number, event: CommitEvent): void {
    const conversation = this.#world.truth.conversations.get(event.conversation);
    const committedAt = this.#committedAt.get(JSON.stringify(event)) ?? 0;
    if (conversation === undefined || event.epoch !== this.#world.epoch) return;
    for (const device of this.#devicesOn(node)) {
      // A device that connects after the commit fetches all changes, so it needs no hint.
      if ((this.#connectedAt.get(device) ?? 0) >= committedAt) continue;
      if (!concerns(conversation, device.user, event) || !this.#isKnown(node, device.user, event)) continue;
      const sees = event.row !== null && maySee(conversation, device.user, event.row.sequence);
      this.#expect(device, JSON.stringify(sees ? event : { ...event, row: null }));
    }
  }

  /**
   * Returns whether the node knows that the user is a member. A user who joins by this event receives a separate notice
   * and is known from the next event on.
   */
  #isKnown(node: number, user: UserId, event: CommitEvent): boolean {
    return (
      !stayChanges(event).begun.includes(user) && !this.#unknownMembers.has(memberName(node, event.conversation, user))
    );
  }

  /** Checks that a node published a receipt to the devices that watch the receipts of this conversation. */
  #checkWatchers(node: number, event: ReceiptEvent): void {
    if (event.epoch !== this.#world.epoch) return;
    const conversation = this.#world.truth.conversations.get(event.conversation);
    const { people } = this.#network.node(node);
    for (const device of this.#devicesOn(node)) {
      if (!people.subscribersOf(watchTopic(event.conversation, device.user)).includes(device)) continue;
      const last = conversation?.members.get(device.user)?.periods.at(-1);
      if (last !== undefined && last.to === null && last.from <= event.membersAt)
        this.#expect(device, JSON.stringify(event));
    }
  }

  #devicesOn(node: number): readonly Device[] {
    return this.#world.devices.filter((device) => device.online && device.node === node);
  }

  #expect(device: Device, text: string): void {
    if (this.#published.get(device)?.has(text) !== true)
      this.#world.fail('CH-17', `node ${device.node} does not publish to ${device.name} ${text}`);
  }

  #expectNodeMessage(node: number, text: string): void {
    if (!this.#nodeMessages.some((message) => message.includes(text)))
      this.#world.fail('CH-17', `node ${node} does not send the other nodes ${text}`);
  }

  /** Records that a node has learned from the store where these users are members. */
  #learnMembers(node: number, isLearned: (user: UserId) => boolean): void {
    for (const name of this.#unknownMembers) {
      const [ofNode, , user] = name.split(' ');
      if (Number(ofNode) === node && isLearned(Number(user))) this.#unknownMembers.delete(name);
    }
  }
}

function memberName(node: number, conversation: ConversationId, user: UserId): string {
  return `${node} ${conversation} ${user}`;
}

/** CH-17.6: returns whether the event is within the user's last membership, including the commit that ended it. */
function concerns(conversation: TrueConversation, user: UserId, { after }: CommitEvent): boolean {
  const last = conversation.members.get(user)?.periods.at(-1);
  if (last === undefined || after.sequence < last.from) return false;
  return last.to === null || (after.sequence <= last.to && after.modification <= (last.toModification ?? 0));
}
