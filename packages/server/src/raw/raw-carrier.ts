import type { Encoding, FrameParserOptions } from '@everywire/protocol/internal';
import type { LiveLink } from '../gathering/link-host.js';
import type { MessageMaker } from '../gathering/message-maker.js';
import type { Batching, Tick } from '../gathering/tick.js';
import { toData } from '../gathering/to-data.js';
import type { ServerLimits } from '../limits.js';
import type { AdmissionRefusal } from '../sessions/admission.js';
import type { TimerEntry, TimerWheel } from '../timer-wheel.js';
import type { Claims, SendData, TopicClass } from '../wire-session.js';
import type { RawLink, RawLinkKind } from './raw-link.js';
import { RawPublication } from './raw-publication.js';
import type { RawMember, RawTopic } from './raw-topic.js';
import type { RawTopics } from './raw-topics.js';

/** Reads and writes the frames of a WebSocket. */
export interface RawFraming {
  readonly parserOptions: FrameParserOptions;
  readonly frames: Encoding;
}

/** The parts that all raw links of a server share. */
export interface RawHost {
  readonly turn: Tick;
  readonly wheel: TimerWheel;
  readonly limits: ServerLimits;
  readonly maker: MessageMaker;
  readonly topics: RawTopics;
  readonly plain: RawFraming;
  /** Returns the framing for WebSockets with permessage-deflate, by the bits of the client's window. */
  readonly deflating: (window: number) => RawFraming;
  /** Returns a unique number below 0. */
  nextSerial(): number;
  now(): number;
  /** Receives the messages of raw WebSockets; `null` if the application accepts none. */
  readonly onMessage: ((link: RawLink, data: string | Uint8Array) => void | Promise<void>) | null;
  onHandlerFailed(link: RawLink, error: unknown): void;
  onSlowLink(): void;
  /** Reports a refusal because of the link's content, with an HTTP status or the code of a close frame. */
  onRefused(status: number, code: string): void;
  onLinkGone(link: RawCarrier): void;
}

const NO_CLAIMS: Claims = { subject: '' };
/** Maximum bytes of a write that is joined by copying. */
const JOINED_BYTES_MAX = 64 << 10;

/**
 * One raw link (a connection of a client without the client library) of any kind. Manages its claims, its topics, the
 * messages gathered in a tick, and the handling of a slow reader.
 */
export abstract class RawCarrier implements RawLink, RawMember, LiveLink, TimerEntry, Batching {
  wheelNext: TimerEntry | null = null;
  wheelPrevious: TimerEntry | null = null;
  wheelTick = 0;

  readonly serial: number;
  abstract readonly kind: RawLinkKind;
  claims: Claims = NO_CLAIMS;
  topics: readonly string[] = [];
  protected readonly host: RawHost;
  #joined: readonly RawTopic[] = [];
  #parts: Uint8Array[] = [];
  #gathered = 0;

  constructor(host: RawHost) {
    this.host = host;
    this.serial = host.nextSerial();
  }

  abstract admitted(claims: Claims, topics: readonly string[]): void;
  abstract refused(code: AdmissionRefusal): void;
  abstract end(code: string): void;
  abstract leave(): void;
  abstract destroy(): void;
  abstract onTimer(): void;
  abstract reset(event: Uint8Array): void;

  /** Bytes that were written and that the peer has not received yet. */
  protected abstract get undrained(): number;
  abstract get open(): boolean;
  protected abstract bytesOf(publication: RawPublication): Uint8Array;
  protected abstract put(bytes: Uint8Array): void;
  protected abstract putAll(parts: readonly Uint8Array[]): void;
  /** Handles the drop of a message of a hint topic. */
  protected abstract onDropped(topic: RawTopic): void;
  /** Ends the link, because a durable topic drops no message silently. */
  protected abstract fallBehind(): void;

  send(data: SendData): boolean {
    const bytes = this.bytesOf(new RawPublication(this.host.maker.make(toData(data, 'send')), null));
    if (!this.open || !this.hasRoom(bytes.length)) return false;
    this.gather(bytes);
    return true;
  }

  deliver(publication: RawPublication, topicClass: TopicClass, topic: RawTopic | null): void {
    const bytes = this.bytesOf(publication);
    if (this.hasRoom(bytes.length)) {
      this.gather(bytes);
      return;
    }
    if (topicClass === 'hint' && topic !== null) this.onDropped(topic);
    this.#onNoRoom(topicClass);
  }

  /** Delivers all publications, or none. */
  deliverAll(publications: readonly RawPublication[], topicClass: TopicClass): void {
    const parts = publications.map((publication) => this.bytesOf(publication));
    const bytes = parts.reduce((sum, part) => sum + part.length, 0);
    if (!this.hasRoom(bytes)) this.#onNoRoom(topicClass);
    else for (const part of parts) this.gather(part);
  }

  #onNoRoom(topicClass: TopicClass): void {
    if (topicClass !== 'durable') return;
    this.host.onSlowLink();
    this.fallBehind();
  }

  flush(): void {
    const parts = this.#parts;
    const length = this.#gathered;
    this.#parts = [];
    this.#gathered = 0;
    if (!this.open || parts.length === 0) return;
    if (parts.length === 1) this.put(parts[0] as Uint8Array);
    else if (length <= JOINED_BYTES_MAX) this.put(Buffer.concat(parts, length));
    else this.putAll(parts);
  }

  /** Leaves all topics, so that the link receives no more messages. */
  protected leaveTopics(): void {
    const joined = this.#joined;
    this.#joined = [];
    for (const topic of joined) this.host.topics.leave(this, topic);
  }

  protected joinTopics(claims: Claims, topics: readonly string[]): readonly RawTopic[] {
    this.claims = claims;
    this.topics = [...new Set(topics)];
    this.#joined = this.topics.map((name) => this.host.topics.join(this, name));
    return this.#joined;
  }

  /** Schedules the next check: the next heartbeat, or the expiry of the claims if that is earlier. */
  protected awaitHeartbeat(): void {
    const { wheel, limits } = this.host;
    const leftMs = (this.claims.expiresAt ?? Number.POSITIVE_INFINITY) - Date.now();
    wheel.schedule(this, Math.max(1, Math.min(limits.heartbeatMs, leftMs)));
  }

  /**
   * Ends the link if its claims have expired. A session would be suspended and asked for a new token instead, but a
   * plain client cannot be asked (SN-21).
   */
  protected endIfExpired(): boolean {
    const { expiresAt } = this.claims;
    const expired = expiresAt !== undefined && expiresAt <= Date.now();
    if (expired) this.end('expired');
    return expired;
  }

  protected hasRoom(bytes: number): boolean {
    const waiting = this.#gathered + this.undrained;
    return waiting === 0 || waiting + bytes <= this.host.limits.rawWaitingBytesMax;
  }

  protected gather(bytes: Uint8Array): void {
    if (this.#parts.length === 0) this.host.turn.add(this);
    this.#parts.push(bytes);
    this.#gathered += bytes.length;
  }
}
