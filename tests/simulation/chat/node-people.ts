import type { ChatLimits, Store } from '@everywire/chat';
import { Hints, LargeMembers, LiveSessions, MemberViews, userTopic } from '@everywire/chat-server/internal';
import type { Device } from './device.js';

/** A message with hints (live events, which may be lost) from one node to the others. */
export type HintMessage = Parameters<Hints['receive']>[0];

/** A live session of the chat server. */
export type NodeSession = ReturnType<LiveSessions['add']>;

/** How hints leave a node. */
export interface NodeLinks {
  /** Publishes to the subscribers on all nodes; with `reach` `node`, only on this node. */
  readonly publish: (topic: string, text: string, reach?: 'node') => void;
  readonly sendToNodes: (message: HintMessage) => void;
  /** Called with each line that the node logs as a warning or an error. */
  readonly onFault: (line: string) => void;
}

/** Options of `NodePeople`. `store` returns the current store, because a restore replaces it. */
export interface NodePeopleOptions {
  readonly store: () => Store;
  readonly limits: ChatLimits;
  readonly usersMax: number;
  readonly links: NodeLinks;
}

/** Limit of sessions for each user. More than a user has devices in the simulation. */
const sessionsPerUserMax = 10;

/**
 * The state that one server process has about connected users: sessions, views of the members of large conversations,
 * and hints. It consists of the product's own classes, without a network.
 */
export class NodePeople {
  readonly sessions = new LiveSessions(sessionsPerUserMax);
  readonly views: MemberViews;
  readonly hints: Hints;
  readonly #store: () => Store;
  readonly #largeMembers = new LargeMembers(this.sessions);
  readonly #connected = new Map<Device, { readonly session: NodeSession; readonly topics: ReadonlySet<string> }>();

  constructor({ store, limits, usersMax, links }: NodePeopleOptions) {
    this.#store = store;
    const periods: Store['periods'] = (...parameters) => store().periods(...parameters);
    // Small limits, so that views are evicted and consist of several chunks.
    const viewLimits = { ...limits, conversationsMax: 3, chunkUsers: Math.ceil(usersMax / 2) };
    this.views = new MemberViews({ periods }, viewLimits);
    const ignore = (): void => undefined;
    const onFault = (line: string, cause?: unknown): void => links.onFault(`${line} ${String(cause ?? '')}`);
    this.hints = new Hints({
      publish: (topics, text, _topicClass, reach) => {
        for (const topic of topics) links.publish(topic, text, reach);
      },
      sendToNodes: links.sendToNodes,
      sessions: this.sessions,
      onFanOut: ignore,
      onLost: () => onFault('lost'),
      views: this.views,
      largeMembers: this.#largeMembers,
      log: { debug: ignore, info: ignore, warn: onFault, error: onFault },
      waitingMax: 1_000,
    });
  }

  /** Opens a session as `ChatSession` does. Resolves when the node has read the user's large conversations. */
  async connect(device: Device): Promise<void> {
    const { user, connection } = device;
    const topics = new Set<string>();
    const wire = {
      serial: connection,
      claims: {},
      transport: null,
      end: () => undefined,
      join: (topic: string) => void topics.add(topic),
      leave: (topic: string) => void topics.delete(topic),
    } as unknown as NodeSession['wire'];
    this.#connected.set(device, { session: this.sessions.add(wire, user, device.name), topics });
    wire.join(userTopic(user));
    this.#largeMembers.learn(user, await this.#store().largeConversations(user));
  }

  disconnect(device: Device): void {
    const connected = this.#connected.get(device);
    if (connected === undefined) return;
    this.#connected.delete(device);
    this.sessions.remove(connected.session);
    this.#largeMembers.forget(device.user);
  }

  /** Returns `null` if the device is not connected here. */
  sessionOf(device: Device): NodeSession | null {
    return this.#connected.get(device)?.session ?? null;
  }

  /** Returns the connected devices that subscribe to the topic. */
  subscribersOf(topic: string): readonly Device[] {
    return [...this.#connected].filter(([, { topics }]) => topics.has(topic)).map(([device]) => device);
  }

  /** Handles a gap in the messages of another node, as `createSessionHost` does. */
  handleGap(): void {
    this.#largeMembers.forgetAll();
  }
}
