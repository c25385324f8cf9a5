import type { SocketIoGateway, SocketIoMiddleware, SocketIoNamespace, SocketIoSocket } from '../socket-io.js';
import { Broadcast, type BroadcastNamespace, EVERYONE } from './broadcast.js';

/** The operations of a namespace on which the objects of the application's interface are built. */
export interface NamespaceCore extends BroadcastNamespace {
  readonly name: string;
  readonly sockets: ReadonlyMap<string, SocketIoSocket>;
  use(middleware: SocketIoMiddleware): void;
  onConnection(handler: (socket: SocketIoSocket) => unknown): void;
}

/** A namespace, as applications use it. */
export class NamespaceApi extends Broadcast implements SocketIoNamespace {
  readonly core: NamespaceCore;

  constructor(core: NamespaceCore) {
    super(core, EVERYONE);
    this.core = core;
  }

  get name(): string {
    return this.core.name;
  }

  get sockets(): ReadonlyMap<string, SocketIoSocket> {
    return this.core.sockets;
  }

  use(middleware: SocketIoMiddleware): this {
    this.core.use(middleware);
    return this;
  }

  on(event: 'connection' | 'connect', handler: (socket: SocketIoSocket) => unknown): this {
    if (event !== 'connection' && event !== 'connect')
      throw new TypeError(`on: a namespace has the event 'connection' alone`);
    this.core.onConnection(handler);
    return this;
  }
}

/** The gateway, as applications use it. */
export class GatewayApi extends Broadcast implements SocketIoGateway {
  readonly sockets: SocketIoNamespace;
  readonly of: (name: string) => SocketIoNamespace;

  /** @param of returns a namespace; clients can enter it from then on */
  constructor(of: (name: string) => NamespaceApi) {
    const main = of('/');
    super(main.core, EVERYONE);
    this.sockets = main;
    this.of = of;
  }

  use(middleware: SocketIoMiddleware): this {
    this.sockets.use(middleware);
    return this;
  }

  on(event: 'connection' | 'connect', handler: (socket: SocketIoSocket) => unknown): this {
    this.sockets.on(event, handler);
    return this;
  }
}
