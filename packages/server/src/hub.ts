import type { Message } from '@everywire/protocol/internal';
import type { Broker, Publication } from './broker.js';
import type { ServerLimits } from './limits.js';
import type { MessageMaker } from './message-maker.js';
import type { RawAudience, Topic, TopicMember } from './topic.js';
import { WireError } from './wire-error.js';
import type { TopicClass, WireSession } from './wire-session.js';

export interface HubOptions {
  readonly limits: Pick<ServerLimits, 'topicsPerSessionMax' | 'topicLengthMax'>;
  readonly broker: Broker | undefined;
  /** Tells this node's publications from others' in the broker's echo. */
  readonly node: string;
  readonly maker: MessageMaker;
  readonly onNotice: (code: string, text: string) => void;
}

/** Topics and who is in them. A message is made once and put into every member's queue in the order of the calls (SN-27). */
export interface Hub {
  join(session: TopicMember, name: string): void;
  leave(session: TopicMember, name: string): void;
  /** Who hears a topic besides sessions; `null` takes it out again. */
  setRaw(name: string, raw: RawAudience | null): void;
  /** The session has ended. */
  leaveAll(session: TopicMember): void;
  publish(
    name: string,
    data: string | Uint8Array,
    topicClass: TopicClass,
    except: Pick<WireSession, 'serial'> | undefined,
  ): void;
}

export function createHub(options: HubOptions): Hub {
  const { limits, broker, node, maker, onNotice } = options;
  const topics = new Map<string, Topic>();

  function join(session: TopicMember, name: string): void {
    checkName(name, limits.topicLengthMax);
    if (session.machine.done !== null || session.topics.some((topic) => topic.name === name)) return;
    if (session.topics.length >= limits.topicsPerSessionMax) throw new WireError('too_many_topics');
    const topic = topicOf(name);
    topic.members.add(session);
    session.topics = [...session.topics, topic];
  }

  function topicOf(name: string): Topic {
    let topic = topics.get(name);
    if (topic === undefined) {
      topic = { name, members: new Set(), raw: null };
      topics.set(name, topic);
      subscribe(topic);
    }
    return topic;
  }

  function setRaw(name: string, raw: RawAudience | null): void {
    const topic = topicOf(name);
    topic.raw = raw;
    removeIfEmpty(topic);
  }

  function leave(session: TopicMember, name: string): void {
    const topic = topics.get(name);
    if (topic === undefined || !topic.members.delete(session)) return;
    session.topics = session.topics.filter((other) => other !== topic);
    removeIfEmpty(topic);
  }

  function leaveAll(session: TopicMember): void {
    for (const topic of session.topics) {
      topic.members.delete(session);
      removeIfEmpty(topic);
    }
    session.topics = [];
  }

  function removeIfEmpty(topic: Topic): void {
    if (topic.members.size > 0 || topic.raw !== null) return;
    topics.delete(topic.name);
    broker
      ?.unsubscribe(topic.name)
      .catch((error: unknown) => onNotice('broker_failed', `unsubscribe: ${String(error)}`));
  }

  /** Until the broker has the subscription, others' publications may pass by: once that is certain, members are told to look. */
  function subscribe(topic: Topic): void {
    broker?.subscribe(topic.name).catch((error: unknown) => {
      onNotice('broker_failed', `subscribe: ${String(error)}`);
      reset(topic);
    });
  }

  function reset(topic: Topic): void {
    for (const session of topic.members) session.machine.reset(topic.name);
    topic.raw?.reset();
  }

  function publish(
    name: string,
    data: string | Uint8Array,
    topicClass: TopicClass,
    except: Pick<WireSession, 'serial'> | undefined,
  ): void {
    checkName(name, limits.topicLengthMax);
    if (broker === undefined) {
      const topic = topics.get(name);
      if (topic !== undefined) deliver(topic, maker.make(data), topicClass, except?.serial);
      return;
    }
    const publication: Publication = {
      topic: name,
      data,
      class: topicClass,
      ...(except === undefined ? undefined : { except: `${node}:${except.serial}` }),
    };
    broker.publish(publication).catch((error: unknown) => {
      onNotice('broker_failed', `publish: ${String(error)}`);
      const topic = topics.get(name);
      if (topic !== undefined && topicClass !== 'ephemeral') reset(topic);
    });
  }

  function onPublication(publication: Publication): void {
    const topic = topics.get(publication.topic);
    if (topic === undefined) return;
    const { except } = publication;
    const own = except?.startsWith(`${node}:`) === true ? Number(except.slice(node.length + 1)) : undefined;
    deliver(topic, maker.make(publication.data), publication.class, own);
  }

  if (broker !== undefined) {
    broker.onPublication = onPublication;
    broker.onGap = () => {
      for (const topic of topics.values()) reset(topic);
    };
  }
  return { join, leave, setRaw, leaveAll, publish };
}

/** Into every member's queue; it leaves with the turn. Never waits: a full queue is dealt with by the topic's class (SN-23). */
function deliver(topic: Topic, message: Message, topicClass: TopicClass, except: number | undefined): void {
  for (const session of topic.members) {
    if (session.serial === except) continue;
    if (session.machine.send(message) === 'full') onFull(session, topic, topicClass);
  }
  topic.raw?.deliver(message, topicClass, except);
}

function onFull(session: TopicMember, topic: Topic, topicClass: TopicClass): void {
  switch (topicClass) {
    case 'durable':
      session.machine.fail('overflow');
      return;
    case 'hint':
      session.dropped ??= new Set();
      session.dropped.add(topic.name);
      return;
    case 'ephemeral':
      return;
  }
}

function checkName(name: string, lengthMax: number): void {
  if (name.length === 0 || name.length > lengthMax) throw new WireError('topic_invalid');
}
