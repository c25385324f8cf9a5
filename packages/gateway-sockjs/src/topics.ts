import type { Audience, GatewayHost } from '@everywire/server/internal';
import { Publication } from './publication.js';

/** What a topic does with who cannot keep up: see `TopicClass` of the server. */
export type TopicClass = Parameters<Audience['deliver']>[1];

export interface TopicMember {
  readonly serial: number;
  deliver(publication: Publication, topicClass: TopicClass): void;
}

/** The topics that connections of a gateway are in: the same that sessions are in. */
export class Topics {
  readonly #host: GatewayHost;
  readonly #topics: Map<string, MemberAudience> = new Map();

  constructor(host: GatewayHost) {
    this.#host = host;
  }

  join(topic: string, member: TopicMember): void {
    let audience = this.#topics.get(topic);
    if (audience === undefined) {
      audience = new MemberAudience(this.#host);
      this.#topics.set(topic, audience);
      this.#host.addAudience(topic, audience);
    }
    audience.members.add(member);
  }

  leave(topic: string, member: TopicMember): void {
    const audience = this.#topics.get(topic);
    if (audience === undefined || !audience.members.delete(member) || audience.members.size > 0) return;
    this.#topics.delete(topic);
    this.#host.removeAudience(topic, audience);
  }
}

class MemberAudience implements Audience {
  readonly members: Set<TopicMember> = new Set();
  readonly #host: GatewayHost;

  constructor(host: GatewayHost) {
    this.#host = host;
  }

  deliver(...[message, topicClass, except]: Parameters<Audience['deliver']>): void {
    const { data } = message;
    if (typeof data !== 'string') {
      this.#host.onNotice(
        'text_only',
        'Bytes were published to a topic of SockJS connections, which carry text alone.',
      );
      return;
    }
    const publication = new Publication(this.#host, data);
    for (const member of this.members) if (member.serial !== except) member.deliver(publication, topicClass);
  }

  /** SockJS has no word for it. */
  reset(): void {}
}
