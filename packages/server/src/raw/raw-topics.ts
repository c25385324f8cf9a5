import type { ServerLimits } from '../limits.js';
import { createDeadline, type TimerWheel } from '../timer-wheel.js';
import type { Hub } from '../topics/hub.js';
import { type RawMember, RawTopic } from './raw-topic.js';
import { type HistoryBounds, type HistoryBudget, TopicHistory } from './topic-history.js';

/** Options of `RawTopics`. */
export interface RawTopicsOptions {
  readonly hub: Pick<Hub, 'addAudience' | 'removeAudience'>;
  readonly limits: Pick<ServerLimits, 'historyMessagesMax' | 'historyBytesMax' | 'historyMs' | 'historiesBytesMax'>;
  readonly wheel: TimerWheel;
  readonly now: () => number;
  /** Returns whether the topic keeps its last messages, as the application decides. */
  readonly hasHistory: (topic: string) => boolean;
}

/** Milliseconds between two sweeps, which drop old events and topics that have been empty for too long. */
const SWEEP_MS = 1_000;

/** The topics of raw links: those that have members now, and those with a history, for event streams that reconnect. */
export class RawTopics {
  readonly #options: RawTopicsOptions;
  readonly #topics: Map<string, RawTopic> = new Map();
  readonly #bounds: HistoryBounds;
  readonly #budget: HistoryBudget;
  readonly #sweep = createDeadline(() => this.#onSweep());

  constructor(options: RawTopicsOptions) {
    this.#options = options;
    const { historyMessagesMax, historyBytesMax, historyMs, historiesBytesMax } = options.limits;
    this.#bounds = { messagesMax: historyMessagesMax, bytesMax: historyBytesMax, ageMs: historyMs };
    this.#budget = { bytes: 0, bytesMax: historiesBytesMax };
  }

  join(member: RawMember, name: string): RawTopic {
    const topic = this.#topics.get(name) ?? this.#create(name);
    topic.members.add(member);
    return topic;
  }

  leave(member: RawMember, topic: RawTopic): void {
    topic.members.delete(member);
    if (topic.members.size > 0) return;
    topic.emptySince = this.#options.now();
    // A topic with a history stays for a while, because its streams may reconnect. `#onSweep` removes it.
    if (topic.history === null) this.#remove(topic);
  }

  #create(name: string): RawTopic {
    const { hub, hasHistory, wheel, now } = this.#options;
    const history = hasHistory(name) ? new TopicHistory(this.#bounds, this.#budget) : null;
    const topic = new RawTopic(name, history, now);
    this.#topics.set(name, topic);
    hub.addAudience(name, topic);
    if (history !== null && this.#sweep.wheelNext === null) wheel.schedule(this.#sweep, SWEEP_MS);
    return topic;
  }

  #remove(topic: RawTopic): void {
    topic.history?.clear();
    this.#topics.delete(topic.name);
    this.#options.hub.removeAudience(topic.name, topic);
  }

  #onSweep(): void {
    const { now, wheel, limits } = this.#options;
    const time = now();
    let histories = 0;
    for (const topic of this.#topics.values()) {
      if (topic.history === null) continue;
      topic.history.forget(time);
      if (topic.members.size === 0 && time - topic.emptySince >= limits.historyMs) this.#remove(topic);
      else histories += 1;
    }
    if (histories > 0) wheel.schedule(this.#sweep, SWEEP_MS);
  }
}
