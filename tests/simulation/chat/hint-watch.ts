import type { CommitEvent, ConversationId, Notice, ReceiptEvent, UserId } from '@everywire/chat';
import { stayChanges } from '@everywire/chat/internal';
import { watchTopic } from '@everywire/chat-server/internal';
import type { Device } from './device.js';
import type { NodeNetwork } from './node-network.js';
import type { HintMessage } from './node-people.js';
import { maySee, type TrueConversation } from './truth.js';
import type { World } from './world.js';

/**
 * CH-17: every hint is published to each connected device that it concerns. Checked before the bus loses anything,
 * because polling repairs a missing hint (CH-16).
 */
export class HintWatch {
  readonly #world: World;
  readonly #network: NodeNetwork;
  /** Texts published to each device since `begin`. */
  readonly #published = new Map<Device, Set<string>>();
  /** Texts sent to all other nodes since `begin`. */
  #nodeMessages: string[] = [];
  /** Receipts that each node has not flushed, the newest of each member. */
  readonly #receipts = new Map<number, Map<string, ReceiptEvent>>();
  #commits = 0;
  /** Value of `#commits` for each event of a large conversation, by its text. */
  readonly #committedAt = new Map<string, number>();
  /** Value of `#commits` when each device connected. */
  readonly #connectedAt = new Map<Device, number>();
  /**
   * `node conversation user` of people whose join of a large conversation the node has not received: it cannot know
   * that later events concern them.
   */
  readonly #unknownMembers = new Set<string>();

  constructor(world: World, network: NodeNetwork) {
    this.#world = world;
    this.#network = network;
  }

  noteConnected(device: Device): void {
    this.#connectedAt.set(device, this.#commits);
    this.#learnMembers(device.node, (user) => user === device.user);
  }

  noteCrash(node: number): void {
    this.#receipts.delete(node);
    this.noteGap(node);
  }

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

  checkFlushed(node: number): void {
    for (const event of this.#receipts.get(node)?.values() ?? []) {
      this.#expectNodeMessage(node, JSON.stringify(event));
      this.#checkWatchers(node, event);
    }
    this.#receipts.delete(node);
  }

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

  /** Checks what a node published of a commit of a large conversation, whichever node committed it. */
  #checkMembers(node: number, event: CommitEvent): void {
    const conversation = this.#world.truth.conversations.get(event.conversation);
    const committedAt = this.#committedAt.get(JSON.stringify(event)) ?? 0;
    if (conversation === undefined || event.epoch !== this.#world.epoch) return;
    for (const device of this.#devicesOn(node)) {
      // A device that connects after the commit asks for everything.
      if ((this.#connectedAt.get(device) ?? 0) >= committedAt) continue;
      if (!concerns(conversation, device.user, event) || !this.#isKnown(node, device.user, event)) continue;
      const sees = event.row !== null && maySee(conversation, device.user, event.row.sequence);
      this.#expect(device, JSON.stringify(sees ? event : { ...event, row: null }));
    }
  }

  /** Joiners are named by a notice of their own; the node knows them from the next event after their join. */
  #isKnown(node: number, user: UserId, event: CommitEvent): boolean {
    return (
      !stayChanges(event).begun.includes(user) && !this.#unknownMembers.has(memberName(node, event.conversation, user))
    );
  }

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

  #learnMembers(node: number, of: (user: UserId) => boolean): void {
    for (const name of this.#unknownMembers) {
      const [at, , user] = name.split(' ');
      if (Number(at) === node && of(Number(user))) this.#unknownMembers.delete(name);
    }
  }
}

function memberName(node: number, conversation: ConversationId, user: UserId): string {
  return `${node} ${conversation} ${user}`;
}

/** CH-17.6 */
function concerns(conversation: TrueConversation, user: UserId, { after }: CommitEvent): boolean {
  const last = conversation.members.get(user)?.periods.at(-1);
  if (last === undefined || after.sequence < last.from) return false;
  return last.to === null || (after.sequence <= last.to && after.modification <= (last.toModification ?? 0));
}
