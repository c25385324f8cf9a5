import { callGuarded, type Message } from '@everywire/protocol/internal';
import type { Broker, Publication } from '../broker.js';
import { checkMembersQuery, checkPublishOptions } from '../call-options.js';
import { errorLocation, errorText } from '../error-location.js';
import type { MessageMaker } from '../gathering/message-maker.js';
import type { Tick } from '../gathering/tick.js';
import type { ServerLimits } from '../limits.js';
import { refusal } from '../refusal.js';
import type { MembersChange, MembersPage, MembersQuery, TopicListener } from '../wire-server.js';
import type { PublishOptions, TopicClass } from '../wire-session.js';
import { MemberWatch, memberPageOf } from './member-watch.js';
import { give, type PublishBatch } from './publish-batch.js';
import type { Topic, TopicAudience, TopicMember } from './topic.js';

/** Options of `createHub`. */
export interface HubOptions {
  readonly limits: Pick<
    ServerLimits,
    'topicsPerSessionMax' | 'topicLengthMax' | 'membersPageMax' | 'memberChangesMax' | 'watchesMax'
  >;
  readonly broker: Broker | undefined;
  /** Called when the broker reports a gap. If absent, the hub resets all topics. */
  readonly onBrokerGap: (() => void) | undefined;
  readonly maker: MessageMaker;
  readonly turn: Tick;
  readonly run: PublishBatch;
  readonly onNotice: (code: string, text: string) => void;
}

/**
 * Manages the topics and their members. A message is created once and enters the queues of all members in the order of
 * the calls (SN-27). A reset notifies receivers that messages may be missing.
 */
export interface Hub {
  join(session: TopicMember, name: string, info: unknown): void;
  leave(session: TopicMember, name: string): void;
  addAudience(name: string, audience: TopicAudience): void;
  removeAudience(name: string, audience: TopicAudience): void;
  /** Removes an ended session from all topics. */
  leaveAll(session: TopicMember): void;
  members(name: string, query: MembersQuery): MembersPage;
  /** @returns a function that stops watching */
  watch(name: string, listener: (change: MembersChange) => void): () => void;
  /** @returns a function that stops listening */
  listen(name: string, listener: TopicListener): () => void;
  publish(names: readonly string[], data: string | Uint8Array, how: PublishOptions): void;
}

/** Creates the hub. */
export function createHub(options: HubOptions): Hub {
  const { limits, broker, maker, onNotice } = options;
  const topics = new Map<string, Topic>();
  const watches = new Map<string, MemberWatch>();

  function join(session: TopicMember, name: string, info: unknown): void {
    checkName(name, limits.topicLengthMax);
    if (session.machine.done !== null) return;
    const joined = session.topics.find((topic) => topic.name === name);
    if (joined !== undefined) {
      setInfo(joined, session, info);
      return;
    }
    if (session.topics.length >= limits.topicsPerSessionMax) throw refusal('too_many_topics');
    const topic = topicOf(name);
    // Queues all earlier publishes first, because the new member must not receive them.
    options.run.settle();
    topic.members.set(session.machine, session);
    // A spread would reserve space for more topics than most sessions join.
    session.topics = session.topics.length === 0 ? [topic] : [...session.topics, topic];
    setInfo(topic, session, info);
    topic.watch?.changed(session, true, info);
  }

  function setInfo(topic: Topic, session: TopicMember, info: unknown): void {
    if (info === undefined) return;
    topic.infos ??= new Map();
    topic.infos.set(session, info);
  }

  function takeOut(topic: Topic, session: TopicMember): void {
    const info = topic.infos?.get(session);
    topic.infos?.delete(session);
    topic.watch?.changed(session, false, info);
    removeIfEmpty(topic);
  }

  function members(name: string, query: MembersQuery): MembersPage {
    const { after = 0, limit = limits.membersPageMax } = checkMembersQuery(query);
    const topic = topics.get(name);
    if (topic === undefined) return { count: 0, members: [], next: null };
    const most = Math.max(1, Math.min(limit, limits.membersPageMax));
    const page = memberPageOf(topic.members.values(), after, most);
    const last = page.at(-1);
    return {
      count: topic.members.size,
      members: page.map((session) => ({ session, claims: session.claims, info: topic.infos?.get(session) })),
      next: page.length === most && last !== undefined ? last.serial : null,
    };
  }

  function watch(name: string, listener: (change: MembersChange) => void): () => void {
    checkName(name, limits.topicLengthMax);
    if (watches.has(name)) throw refusal('watched');
    if (watches.size >= limits.watchesMax) throw refusal('too_many_watches');
    const memberWatch = new MemberWatch({
      turn: options.turn,
      changesMax: limits.memberChangesMax,
      count: () => topics.get(name)?.members.size ?? 0,
      listener: (change) => guard('A listener of watchMembers', () => listener(change)),
    });
    watches.set(name, memberWatch);
    const topic = topics.get(name);
    if (topic !== undefined) topic.watch = memberWatch;
    return () => {
      if (watches.get(name) !== memberWatch) return;
      watches.delete(name);
      const watched = topics.get(name);
      if (watched !== undefined) watched.watch = null;
    };
  }

  function guard(name: string, call: () => unknown): void {
    callGuarded(call, (error) => onNotice('handler_failed', `${name} failed: ${errorLocation(error)}`));
  }

  const brokerFailed =
    (call: string) =>
    (error: unknown): void =>
      onNotice('broker_failed', `${call}: ${errorText(error)}`);

  function topicOf(name: string): Topic {
    let topic = topics.get(name);
    if (topic === undefined) {
      topic = {
        name,
        members: new Map(),
        audiences: [],
        listener: null,
        infos: null,
        watch: watches.get(name) ?? null,
      };
      topics.set(name, topic);
      subscribe(topic);
    }
    return topic;
  }

  function addAudience(name: string, audience: TopicAudience): void {
    const topic = topicOf(name);
    topic.audiences = [...topic.audiences, audience];
  }

  function removeAudience(name: string, audience: TopicAudience): void {
    const topic = topics.get(name);
    if (topic === undefined) return;
    topic.audiences = topic.audiences.filter((other) => other !== audience);
    removeIfEmpty(topic);
  }

  function listen(name: string, listener: TopicListener): () => void {
    checkName(name, limits.topicLengthMax);
    const topic = topicOf(name);
    if (topic.listener !== null) throw refusal('watched');
    topic.listener = listener;
    return () => {
      if (topic.listener !== listener) return;
      topic.listener = null;
      removeIfEmpty(topic);
    };
  }

  function leave(session: TopicMember, name: string): void {
    options.run.settle();
    const topic = topics.get(name);
    if (topic === undefined || !topic.members.delete(session.machine)) return;
    session.topics = session.topics.filter((other) => other !== topic);
    takeOut(topic, session);
  }

  function leaveAll(session: TopicMember): void {
    for (const topic of session.topics) {
      topic.members.delete(session.machine);
      takeOut(topic, session);
    }
    session.topics = [];
  }

  function removeIfEmpty(topic: Topic): void {
    if (topic.members.size > 0 || topic.audiences.length > 0 || topic.listener !== null) return;
    topics.delete(topic.name);
    callGuarded(() => broker?.unsubscribe(topic.name), brokerFailed('unsubscribe'));
  }

  /**
   * Subscribes to the topic at the broker. If this takes longer than a tick, publishes of other nodes may have been
   * missed, so all members who have joined until then get a reset.
   */
  function subscribe(topic: Topic): void {
    if (broker === undefined) return;
    let isLate = false;
    const turn = setImmediate(() => {
      isLate = true;
    });
    const subscribed = async (): Promise<void> => broker.subscribe(topic.name);
    subscribed()
      .then(
        () => isLate && reset(topic),
        (error: unknown) => {
          brokerFailed('subscribe')(error);
          reset(topic);
        },
      )
      .finally(() => clearImmediate(turn));
  }

  function reset(topic: Topic): void {
    for (const machine of topic.members.keys()) machine.reset(topic.name);
    for (const audience of topic.audiences) audience.reset();
    const { listener } = topic;
    if (listener !== null) guard('onMissed', () => listener.onMissed());
  }

  function publish(names: readonly string[], data: string | Uint8Array, how: PublishOptions): void {
    for (const name of names) checkName(name, limits.topicLengthMax);
    const { class: topicClass = 'durable', except, conflate, reach } = checkPublishOptions(how);
    for (const name of names) {
      const topic = topics.get(name);
      // Checks the data even if there are no members, so that an error does not depend on whether there are some.
      if (topic === undefined) maker.check(data);
      else deliver(topic, messageOf(name, data, conflate), topicClass, except?.serial);
    }
    if (reach === 'node' || broker === undefined || names.length === 0) return;
    const publication: Publication = {
      topics: names,
      data,
      class: topicClass,
      ...(conflate === undefined ? undefined : { conflate }),
    };
    callGuarded(() => broker.publish(publication), brokerFailed('publish'));
  }

  /** Creates the message. Its replacement key is unique to the topic. */
  function messageOf(name: string, data: string | Uint8Array, conflate: string | undefined): Message {
    const message = maker.make(data);
    if (conflate !== undefined) message.key = `${name.length} ${name}${conflate}`;
    return message;
  }

  /** Puts the message into the queues of all members, in the order of the calls. */
  function deliver(topic: Topic, message: Message, topicClass: TopicClass, except: number | undefined): void {
    if (message.key === undefined) {
      if (topic.members.size > 0) options.run.add(topic, message, topicClass, except);
    } else {
      options.run.settle();
      for (const session of topic.members.values()) {
        session.machine.conflate();
        if (session.serial !== except) give(session, topic, topicClass, message);
      }
    }
    for (const audience of topic.audiences) audience.deliver(message, topicClass, except);
  }

  function onPublication(publication: Publication): void {
    for (const name of publication.topics) {
      const topic = topics.get(name);
      if (topic === undefined) continue;
      const { listener } = topic;
      if (listener !== null) guard('onMessage of a listener', () => listener.onMessage(publication.data));
      const message = messageFrom(publication, topic);
      if (message !== null) deliver(topic, message, publication.class, undefined);
    }
  }

  /**
   * Creates the message of a publication. Returns `null` and resets the topic if the message is longer than this node
   * permits; other nodes may have other limits.
   */
  function messageFrom({ data, conflate, class: topicClass }: Publication, topic: Topic): Message | null {
    try {
      return messageOf(topic.name, data, conflate);
    } catch (error) {
      brokerFailed('publication')(error);
      if (topicClass !== 'ephemeral') reset(topic);
      return null;
    }
  }

  if (broker !== undefined) {
    broker.onPublication = onPublication;
    broker.onGap = () => {
      if (options.onBrokerGap !== undefined) guard('onBrokerGap', options.onBrokerGap);
      else for (const topic of topics.values()) reset(topic);
    };
  }
  return { join, leave, addAudience, removeAudience, leaveAll, members, watch, listen, publish };
}

function checkName(name: string, lengthMax: number): void {
  if (typeof name !== 'string' || name.length === 0 || name.length > lengthMax) throw refusal('topic_invalid');
}
