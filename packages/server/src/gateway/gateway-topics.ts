import type { Message } from '@everywire/protocol/internal';
import type { TopicAudience } from '../topics/topic.js';
import type { TopicClass } from '../wire-session.js';
import type { GatewayHost } from './gateway-host.js';

/** A connection of a gateway as a member of topics. */
export interface GatewayMember<Publication> {
  readonly serial: number;
  /** Delivers a publication. */
  deliver(publication: Publication, topicClass: TopicClass): void;
}

/**
 * The topics that the connections of a gateway (a server for clients of another protocol) have joined. They are the same
 * topics that sessions join, so publications reach both.
 */
export class GatewayTopics<Publication> {
  readonly #host: GatewayHost;
  readonly #publicationOf: (data: Message['data']) => Publication | null;
  readonly #topics: Map<string, MemberAudience<Publication>> = new Map();

  /**
   * @param publicationOf converts a message into the gateway's form, once for all members; returns `null` if that is impossible
   */
  constructor(host: GatewayHost, publicationOf: (data: Message['data']) => Publication | null) {
    this.#host = host;
    this.#publicationOf = publicationOf;
  }

  /** Adds a member to a topic. */
  join(topic: string, member: GatewayMember<Publication>): void {
    let audience = this.#topics.get(topic);
    if (audience === undefined) {
      audience = new MemberAudience((message) => this.#publicationOf(this.#host.dataOf(message)));
      this.#topics.set(topic, audience);
      this.#host.addAudience(topic, audience);
    }
    audience.members.add(member);
  }

  /** Returns the members of a topic. */
  members(topic: string): readonly GatewayMember<Publication>[] {
    return [...(this.#topics.get(topic)?.members ?? [])];
  }

  /** Removes a member from a topic; no-op for a non-member. */
  leave(topic: string, member: GatewayMember<Publication>): void {
    const audience = this.#topics.get(topic);
    if (audience === undefined || !audience.members.delete(member) || audience.members.size > 0) return;
    this.#topics.delete(topic);
    this.#host.removeAudience(topic, audience);
  }
}

class MemberAudience<Publication> implements TopicAudience {
  readonly members: Set<GatewayMember<Publication>> = new Set();
  readonly #publicationOf: (message: Message) => Publication | null;

  constructor(publicationOf: (message: Message) => Publication | null) {
    this.#publicationOf = publicationOf;
  }

  deliver(message: Message, topicClass: TopicClass, except: number | undefined): void {
    const publication = this.#publicationOf(message);
    if (publication === null) return;
    for (const member of this.members) if (member.serial !== except) member.deliver(publication, topicClass);
  }

  /** No-op, because a gateway's protocol has no equivalent. */
  reset(): void {}
}
