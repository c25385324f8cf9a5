import { connect, type Socket } from 'node:net';
import type { CutHow, Fault, FaultBoard, FaultScope } from './fault.js';
import { type Pace, PieceQueue } from './piece-queue.js';
import { RequestTracker, type TrackedRequest } from './request-tracker.js';

type CutFault = Extract<Fault, { kind: 'cut' }>;

/** The number of cuts per fault, for its `times`. */
const cutsOf: WeakMap<CutFault, number> = new WeakMap();

function useUp(fault: CutFault, board: FaultBoard): void {
  const cuts = (cutsOf.get(fault) ?? 0) + 1;
  cutsOf.set(fault, cuts);
  if (cuts === fault.times) board.faults.delete(fault);
}

const HEAD_END = '\r\n\r\n';
const FORBIDDEN = 'HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/** Ends a socket by RST or FIN. */
export function endSocket(socket: Socket, how: CutHow): void {
  if (socket.destroyed) return;
  if (how === 'end') {
    socket.end();
    return;
  }
  // `resetAndDestroy` ends the stream first, so the other end may read a FIN. This does only its second half.
  Object.assign(socket, { resetAndClosing: true });
  socket.destroy();
}

/** Connects one client connection to a server connection and applies the faults. */
export class ProxiedConnection {
  readonly #client: Socket;
  readonly #upstream: Socket;
  readonly #board: FaultBoard;
  readonly #up: PieceQueue;
  readonly #down: PieceQueue;
  readonly #tracker: RequestTracker = new RequestTracker();
  readonly #timers: Set<NodeJS.Timeout> = new Set();
  /** The data that a `buffer` fault holds back. */
  readonly #buffered: Buffer[] = [];
  #request: TrackedRequest | null = null;
  /** Bytes of the response to `#request`, or since the WebSocket opened. */
  #downBytes = 0;
  #held: Fault | null = null;
  #state: 'passing' | 'silenced' | 'ending' | 'cut' = 'passing';

  /** @param onGone called once, when both sockets are closed. */
  constructor(client: Socket, targetPort: number, board: FaultBoard, onGone: () => void) {
    this.#client = client;
    this.#board = board;
    this.#upstream = connect({ host: '127.0.0.1', port: targetPort, allowHalfOpen: true, noDelay: true });
    const onDribble = (): void => void board.counters.dribbledWrites++;
    this.#up = new PieceQueue(client, this.#upstream, onDribble);
    this.#down = new PieceQueue(this.#upstream, client, onDribble);
    let closed = 0;
    for (const [socket, other, queue] of [
      [client, this.#upstream, this.#up],
      [this.#upstream, client, this.#down],
    ] as const) {
      socket.on('error', () => undefined); // 'close' follows and says all that matters.
      socket.on('end', () => {
        if (socket === this.#upstream) this.#release();
        if (this.#state === 'passing') queue.afterThat(() => endSocket(other, 'end'));
      });
      socket.on('close', (hadError) => {
        if (++closed === 2) onGone();
        else if (this.#state !== 'passing' || (socket.readableEnded && !hadError)) return;
        // The reset follows the held data.
        else if (this.#held) queue.afterThat(() => endSocket(other, 'reset'));
        else endSocket(other, 'reset');
      });
    }
    client.on('data', (piece: Buffer) => this.#onUp(piece));
    this.#upstream.on('data', (piece: Buffer) => this.#onDown(piece));
  }

  /** Applies a fault that was injected while this connection is open. */
  onFault(fault: Fault): void {
    if (fault.kind === 'silence' && this.isIn(fault)) this.#silence();
    if (fault.kind === 'hold' && this.isIn(fault)) this.#hold(fault);
    if (fault.kind === 'cut' && this.isIn(fault) && this.#request) this.#startCutTimer(fault);
  }

  /** Ends the effect of a lifted fault. */
  onLift(fault: Fault): void {
    if (this.#held !== fault) return;
    this.#held = null;
    this.#up.release();
    this.#down.release();
  }

  /** Tells whether a fault of this scope applies to this connection now. */
  isIn(scope: FaultScope): boolean {
    if (scope.only !== undefined && (scope.only === 'websocket') !== (this.#request?.upgrade ?? false)) return false;
    return scope.path === undefined || (this.#request?.url.includes(scope.path) ?? false);
  }

  cut(how: CutHow): void {
    if (this.#state === 'cut') return;
    this.#board.counters.cuts++;
    this.destroy(how);
  }

  /** Resets the client side. The server side stays open until `destroy`; its data is swallowed. */
  halfOpen(): void {
    if (this.#state === 'cut') return;
    this.#board.counters.halfOpened++;
    this.#silence();
    endSocket(this.#client, 'reset');
  }

  destroy(how: CutHow): void {
    this.#state = 'cut';
    this.#stopPassing();
    endSocket(this.#client, how);
    endSocket(this.#upstream, how);
  }

  #stopPassing(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#up.stop();
    this.#down.stop();
    // Remaining data is read and dropped; otherwise the sockets would never reach their end.
    this.#client.resume();
    this.#upstream.resume();
  }

  #silence(): void {
    if (this.#state !== 'passing') return;
    this.#state = 'silenced';
    this.#board.counters.silencedConnections++;
    this.#stopPassing();
  }

  #hold(fault: Fault): void {
    if (this.#state !== 'passing') return;
    this.#held = fault;
    this.#board.counters.heldConnections++;
    this.#up.hold();
    this.#down.hold();
  }

  #dropped(piece: Buffer): boolean {
    if (this.#state === 'silenced') this.#board.counters.silencedBytes += piece.length;
    return this.#state !== 'passing';
  }

  // ---- from client to server

  #onUp(piece: Buffer): void {
    if (this.#dropped(piece)) return;
    let passed = piece;
    for (const request of this.#tracker.feed(piece)) {
      this.#onRequest(request);
      if (request.upgrade) passed = this.#blockUpgrade(passed);
    }
    if (!this.#dropped(passed)) this.#up.push(passed, this.#pace());
  }

  #onRequest(request: TrackedRequest): void {
    this.#board.counters.requests++;
    this.#request = request;
    this.#downBytes = 0;
    for (const fault of this.#board.faults) {
      if (fault.kind === 'silence' && this.isIn(fault)) this.#silence();
      if (fault.kind === 'cut' && this.isIn(fault) && !request.upgrade) this.#startCutTimer(fault);
    }
  }

  #blockUpgrade(piece: Buffer): Buffer {
    const fault = [...this.#board.faults].find((one) => one.kind === 'block-upgrade');
    if (fault?.kind !== 'block-upgrade') return piece;
    this.#board.counters.blockedUpgrades++;
    if (fault.how === 'forbid') {
      this.#state = 'cut';
      this.#stopPassing();
      this.#client.end(FORBIDDEN);
      endSocket(this.#upstream, 'reset');
      return piece;
    }
    const stripped = piece.toString('latin1').replace(/\r\n(upgrade|connection|sec-websocket-[a-z]+):[^\r]*/gi, '');
    return Buffer.from(stripped.replace(HEAD_END, `\r\nConnection: close${HEAD_END}`), 'latin1');
  }

  #startCutTimer(fault: CutFault): void {
    if (fault.afterMs === undefined) return;
    const cut = (): void => {
      if (this.#state !== 'passing' || !this.#board.faults.has(fault)) return;
      useUp(fault, this.#board);
      this.cut(fault.how);
    };
    this.#timers.add(setTimeout(cut, fault.afterMs));
  }

  // ---- from server to client

  #onDown(piece: Buffer): void {
    if (this.#dropped(piece)) return;
    const opened = this.#request?.upgrade === true && this.#downBytes === 0 && piece.indexOf('HTTP/1.1 101') === 0;
    if (opened) this.#onOpened(piece.indexOf(HEAD_END) + HEAD_END.length);
    const cut = this.#cutWithin(piece.length);
    const passed = cut ? piece.subarray(0, Math.max(0, cut.afterBytes! - this.#downBytes)) : piece;
    this.#downBytes += piece.length;
    if (this.#buffers(passed)) return;
    this.#down.push(passed, this.#pace());
    if (!cut) return;
    // This decision is final: if lifting the fault revoked it, the following bytes would come after a hole.
    useUp(cut, this.#board);
    this.#state = 'ending';
    this.#down.afterThat(() => this.cut(cut.how));
  }

  /** Holds back a piece of a response that is being buffered; returns whether it did. */
  #buffers(piece: Buffer): boolean {
    const buffers = [...this.#board.faults].some((fault) => fault.kind === 'buffer' && this.isIn(fault));
    if (!buffers && this.#buffered.length === 0) return false;
    this.#board.counters.bufferedBytes += piece.length;
    this.#buffered.push(piece);
    return true;
  }

  #release(): void {
    for (const piece of this.#buffered.splice(0)) this.#down.push(piece, this.#pace());
  }

  #onOpened(headBytes: number): void {
    this.#board.counters.upgrades++;
    this.#downBytes = -headBytes;
    for (const fault of this.#board.faults) if (fault.kind === 'cut' && this.isIn(fault)) this.#startCutTimer(fault);
  }

  #cutWithin(bytes: number): CutFault | undefined {
    for (const fault of this.#board.faults) {
      if (fault.kind !== 'cut' || fault.afterBytes === undefined || !this.isIn(fault)) continue;
      if (this.#downBytes + bytes >= fault.afterBytes) return fault;
    }
    return undefined;
  }

  #pace(): Pace {
    let delayMs = 0;
    let pieceBytes = Number.POSITIVE_INFINITY;
    for (const fault of this.#board.faults) {
      if (fault.kind === 'delay' && this.isIn(fault))
        delayMs = fault.ms + (Math.random() * 2 - 1) * (fault.jitterMs ?? 0);
      if (fault.kind === 'dribble' && this.isIn(fault)) pieceBytes = fault.bytes;
    }
    if (delayMs > 0) this.#board.counters.delayedPieces++;
    return { delayMs, pieceBytes };
  }
}
