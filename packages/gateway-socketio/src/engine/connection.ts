// Longer than 300 lines, because input, output, upgrade and end of a connection share one state.
import type { IncomingHttpHeaders } from 'node:http';
import type { Claims, TopicClass } from '@everywire/server';
import type {
  GatewayHost,
  GatewayLink,
  GatewaySocket,
  GatewaySocketOwner,
  TimerEntry,
} from '@everywire/server/internal';
import type { EngineData, Poll } from './carriers.js';
import { BASE64, CLOSE, MESSAGE, NOOP, OPEN, PING, PONG, SEPARATOR, UPGRADE } from './payload.js';

/** Why a connection ended, in the terms of Socket.IO. */
export type CloseReason =
  | 'transport close'
  | 'transport error'
  | 'ping timeout'
  | 'parse error'
  | 'forced close'
  | 'server shutting down';

/** Receives the events of a connection. */
export interface EngineOwner {
  /** Handles a message. Reading pauses while the promise is pending. Must not throw or reject. */
  onMessage(data: string | Uint8Array): void | Promise<void>;
  /** Called when a ping is sent. */
  onPing(): void;
  /** Called at the answer to the ping. The client has then received everything that was sent before the ping. */
  onPong(): void;
  /** Disconnects the sockets whose claims match. Returns their number. */
  revoke(match: (claims: Claims) => boolean): number;
  /** Called once, when the connection ends. */
  onClose(reason: CloseReason): void;
}

/** The settings of a gateway that its connections need. The names and meanings are those of Engine.IO. */
export interface EngineSettings {
  readonly pingIntervalMs: number;
  readonly pingTimeoutMs: number;
  readonly packetBytesMax: number;
  readonly websocket: boolean;
  readonly polling: boolean;
}

/** The facts of a client's first request. */
export interface EngineFacts {
  /** The unguessable id of the connection in addresses. */
  readonly id: string;
  readonly remoteAddress: string;
  readonly origin: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly query: Readonly<Record<string, string>>;
}

/**
 * One connection of Engine.IO 4: over polling, over a WebSocket, or upgraded from polling to a WebSocket. Its states:
 * `open`; `closing`, until a polling client has received the close; `over`.
 */
export class EngineConnection implements GatewayLink, TimerEntry {
  wheelNext: TimerEntry | null = null;
  wheelPrevious: TimerEntry | null = null;
  wheelTick = 0;

  readonly serial: number;
  readonly facts: EngineFacts;
  readonly #host: GatewayHost;
  readonly #settings: EngineSettings;
  readonly #owner: EngineOwner;
  readonly #onOver: (connection: EngineConnection) => void;
  #state: 'open' | 'closing' | 'over' = 'open';
  #socket: GatewaySocket | null = null;
  /** A WebSocket that probes for an upgrade. */
  #probe: GatewaySocket | null = null;
  #isProbed = false;
  #poll: Poll | null = null;
  /** Whether a POST of the client is being handled. A client may send only one at a time. */
  #isPosting = false;
  /** Data that waits for the next poll. */
  #waiting: EngineData[] = [];
  #waitingBytes = 0;
  /** Whether a flush at the end of this tick is scheduled. */
  #isGathered = false;
  /** Whether the client reads too slowly, so that the connection ends with the tick. */
  #isOverfull = false;
  /** Whether the client has entered a namespace. */
  #isUsed = false;
  /** Whether a pong is outstanding. */
  #isPinged = false;

  constructor(
    host: GatewayHost,
    settings: EngineSettings,
    facts: EngineFacts,
    ownerOf: (connection: EngineConnection) => EngineOwner,
    onOver: (connection: EngineConnection) => void,
  ) {
    this.#host = host;
    this.#settings = settings;
    this.facts = facts;
    this.#onOver = onOver;
    this.serial = host.nextSerial();
    this.#owner = ownerOf(this);
    host.add(this, facts.remoteAddress);
    host.wheel.schedule(this, host.limits.unattachedMs);
  }

  get transport(): 'polling' | 'websocket' {
    return this.#socket === null ? 'polling' : 'websocket';
  }

  /**
   * Marks the connection as used, because its client has entered a namespace. An unused connection is closed after a
   * timeout.
   */
  use(): void {
    if (this.#isUsed || this.#state !== 'open') return;
    this.#isUsed = true;
    this.#host.wheel.schedule(this, this.#settings.pingIntervalMs);
  }

  // ---- out

  /** Sends the handshake. */
  greet(): void {
    const { pingIntervalMs, pingTimeoutMs, packetBytesMax, websocket } = this.#settings;
    const upgrades = websocket && this.#socket === null ? ['websocket'] : [];
    const times = { pingInterval: pingIntervalMs, pingTimeout: pingTimeoutMs };
    this.#control(OPEN + JSON.stringify({ sid: this.facts.id, upgrades, ...times, maxPayload: packetBytesMax }));
  }

  /**
   * Sends data; to a polling client, at the end of the tick. If the client is slow, data of the class `durable` ends
   * the connection, and other data is dropped.
   */
  send(data: EngineData, topicClass: TopicClass): void {
    if (this.#state !== 'open' || this.#isOverfull) return;
    if (this.#socket !== null) {
      sendFrames(this.#socket, data, topicClass);
      return;
    }
    const bytes = data.polled.length;
    if (this.#waitingBytes > 0 && this.#waitingBytes + bytes > this.#host.limits.rawWaitingBytesMax) {
      if (topicClass !== 'durable') return;
      this.#waiting = [];
      // Does not close the connection here, because a close handler may emit, and its message would overtake this one.
      this.#isOverfull = true;
      this.#gather();
      return;
    }
    this.#waiting.push(data);
    this.#waitingBytes += bytes;
    if (this.#poll !== null) this.#gather();
  }

  /**
   * Sends the packets that were kept for a returning client. They had a limit of their own, so none is applied here.
   */
  sendKept(kept: readonly EngineData[]): void {
    if (this.#socket !== null || this.#state !== 'open') for (const data of kept) this.send(data, 'durable');
    else this.#waiting.push(...kept);
    if (this.#poll !== null) this.#gather();
  }

  /** Drops data that waits for the next poll. */
  withdraw(isWithdrawn: (data: EngineData) => boolean): void {
    this.#waiting = this.#waiting.filter((data) => !isWithdrawn(data));
    const bytes = this.#waiting.reduce((sum, { polled }) => sum + polled.length, 0);
    // Less than that if `sendKept` has added some.
    this.#waitingBytes = Math.min(this.#waitingBytes, bytes);
  }

  #gather(): void {
    if (this.#isGathered) return;
    this.#isGathered = true;
    this.#host.turn.add(this);
  }

  flush(): void {
    this.#isGathered = false;
    if (this.#isOverfull) this.close('transport error');
    else if (this.#poll !== null && this.#waiting.length > 0) this.#answerPoll();
  }

  #control(packet: string): void {
    const publication = this.#host.publication(packet);
    this.send({ polled: packet, framed: [publication] }, 'durable');
  }

  /** @param last a packet to append to the waiting ones */
  #answerPoll(last?: string): void {
    const poll = this.#poll;
    this.#poll = null;
    const packets = this.#waiting.map(({ polled }) => polled);
    if (last !== undefined) packets.push(last);
    this.#waiting = [];
    this.#waitingBytes = 0;
    poll?.answer(packets.join(SEPARATOR));
  }

  /**
   * Answers the poll of a closing connection: with the waiting packets and, at the next poll, with the close. A client
   * of Socket.IO handles an event one tick after it has read it, and would drop it if the close came in the same answer.
   */
  #answerLast(): void {
    if (this.#waiting.length > 0) this.#answerPoll();
    else {
      this.#answerPoll(CLOSE);
      this.#over();
    }
  }

  // ---- polls

  /** Accepts a GET. Returns `false` after closing the connection if another is pending. */
  attach(poll: Poll): boolean {
    if (this.#state === 'over' || this.#socket !== null) return false;
    if (this.#poll !== null) {
      this.close('transport error');
      return false;
    }
    this.#poll = poll;
    poll.onGone(() => {
      if (this.#poll === poll) this.gone('transport close');
    });
    if (this.#state === 'closing') this.#answerLast();
    else if (this.#isProbed) this.#answerPoll(this.#waiting.length === 0 ? NOOP : undefined);
    else this.flush();
    return true;
  }

  /** Begins a POST. Returns `false` after closing the connection if another is in flight. */
  beginPost(): boolean {
    // A closing connection discards the packets. A refusal would end the client before it has received the close.
    if (this.#state === 'over' || this.#socket !== null) return false;
    if (this.#isPosting) {
      this.close('transport error');
      return false;
    }
    this.#isPosting = true;
    return true;
  }

  /** Handles the packets of a POST sequentially. */
  async take(packets: readonly string[]): Promise<void> {
    for (const packet of packets) {
      // The connection may have ended while the body was read, or a packet was handled.
      if (this.#state === 'over') break;
      if (this.#state === 'closing' && packet !== CLOSE) continue;
      const handled = packet.startsWith(BASE64)
        ? this.#owner.onMessage(Buffer.from(packet.slice(1), 'base64'))
        : this.#onPacket(packet);
      if (handled !== undefined) await handled;
    }
    this.#isPosting = false;
  }

  // ---- the WebSocket

  /** Starts the connection over a WebSocket. */
  accept(socket: GatewaySocket): GatewaySocketOwner {
    this.#socket = socket;
    return this.#ownerOf(socket);
  }

  get canUpgrade(): boolean {
    return this.#state === 'open' && this.#socket === null && this.#probe === null;
  }

  /** Starts the upgrade to a WebSocket (Engine.IO 4, "Upgrade"). */
  upgrade(socket: GatewaySocket): GatewaySocketOwner {
    this.#probe = socket;
    return this.#ownerOf(socket);
  }

  #ownerOf(socket: GatewaySocket): GatewaySocketOwner {
    return {
      onMessage: (data) => (socket === this.#socket ? this.#onFrame(data) : this.#onProbe(socket, data)),
      onGone: () => {
        if (socket === this.#socket) this.gone('transport close');
        else if (socket === this.#probe) this.#endProbe();
      },
    };
  }

  #onFrame(data: string | Uint8Array): void | Promise<void> {
    if (this.#state !== 'open') return undefined;
    if (typeof data === 'string') return this.#onPacket(data);
    return this.#owner.onMessage(data);
  }

  #onProbe(socket: GatewaySocket, data: string | Uint8Array): void {
    if (socket !== this.#probe || this.#state !== 'open') return;
    if (data === `${PING}probe`) {
      this.#isProbed = true;
      socket.deliver(this.#host.publication(`${PONG}probe`), 'durable');
      // Ends a waiting poll, because the client switches to the WebSocket only then.
      if (this.#poll !== null) this.#answerPoll(this.#waiting.length === 0 ? NOOP : undefined);
    } else if (data === UPGRADE && this.#isProbed) this.#takeOver(socket);
    else {
      this.#endProbe();
      socket.close(1002, 'probe expected');
    }
  }

  #takeOver(socket: GatewaySocket): void {
    this.#endProbe();
    if (this.#poll !== null) this.#answerPoll(NOOP);
    this.#socket = socket;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    for (const data of waiting) sendFrames(socket, data, 'durable');
  }

  #endProbe(): void {
    this.#probe = null;
    this.#isProbed = false;
  }

  // ---- in

  #onPacket(packet: string): void | Promise<void> {
    switch (packet.charAt(0)) {
      case MESSAGE:
        return this.#owner.onMessage(packet.slice(1));
      case PONG:
        if (this.#isPinged) {
          this.#isPinged = false;
          this.#host.wheel.schedule(this, this.#settings.pingIntervalMs);
          this.#owner.onPong();
        }
        return undefined;
      case CLOSE:
        this.#onClose();
        return undefined;
      default:
        this.#fail('parse error');
        return undefined;
    }
  }

  /** Ends the connection because the client closed it. Answers its poll, or closes its WebSocket. */
  #onClose(): void {
    this.#leaveOpen('over', 'transport close');
    if (this.#poll !== null) this.#answerPoll(NOOP);
    this.#socket?.close(1000, '');
    this.#over();
  }

  // ---- time and the end

  onTimer(): void {
    if (this.#state !== 'open') this.#over();
    else if (!this.#isUsed) this.close('forced close');
    else if (this.#isPinged) this.#fail('ping timeout');
    else {
      this.#isPinged = true;
      this.#owner.onPing();
      this.#control(PING);
      this.#host.wheel.schedule(this, this.#settings.pingTimeoutMs);
    }
  }

  /** Closes the connection cleanly, after all sent data. */
  close(reason: CloseReason): void {
    if (this.#state !== 'open') return;
    this.#leaveOpen('closing', reason);
    if (this.#socket !== null) {
      this.#socket.close(reason === 'server shutting down' ? 1001 : 1000, '');
      this.#over();
      return;
    }
    // While the server stops, its deadline ends the wait for the next poll.
    if (reason === 'server shutting down') this.#host.wheel.cancel(this);
    else this.#host.wheel.schedule(this, this.#host.limits.closeFrameMs);
    if (this.#poll !== null) this.#answerLast();
  }

  /**
   * Closes the connection of a client that is silent or violates Engine.IO. Unlike `close`, does not wait for the poll
   * of a client between two requests: Engine.IO refuses that poll.
   */
  #fail(reason: CloseReason): void {
    this.close(reason);
    if (this.#state === 'closing') this.#over();
  }

  /** Ends the connection of a client that is gone and cannot receive anything. */
  gone(reason: CloseReason): void {
    if (this.#state === 'over') return;
    this.#leaveOpen('over', reason);
    this.#poll?.destroy();
    this.#over();
  }

  revoke(match: (claims: Claims) => boolean): number {
    return this.#owner.revoke(match);
  }

  stop(): void {
    this.close('server shutting down');
  }

  destroy(): void {
    this.#socket?.destroy();
    this.gone('forced close');
  }

  #leaveOpen(next: 'closing' | 'over', reason: CloseReason): void {
    const wasOpen = this.#state === 'open';
    this.#state = next;
    this.#probe?.destroy();
    this.#endProbe();
    if (wasOpen) this.#owner.onClose(reason);
  }

  #over(): void {
    this.#state = 'over';
    this.#poll = null;
    this.#waiting = [];
    this.#host.wheel.cancel(this);
    this.#host.remove(this);
    this.#onOver(this);
  }
}

function sendFrames(socket: GatewaySocket, { framed }: EngineData, topicClass: TopicClass): void {
  if (framed.length === 1) socket.deliver(framed[0] as (typeof framed)[0], topicClass);
  else socket.deliverAll(framed, topicClass);
}
