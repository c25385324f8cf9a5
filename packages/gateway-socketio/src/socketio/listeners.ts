import { EventEmitter } from 'node:events';
import type { SocketIoEventMiddleware, SocketIoHandler } from '../socket-io.js';

/** Called with the name and the values of every event. */
export type AnyHandler = (event: string, ...values: never[]) => unknown;

/** Runs a handler of the application and handles its error or rejected promise. */
export type RunHandler = (call: () => unknown) => void;

/** The event handlers of one socket. */
export class Listeners {
  readonly #run: RunHandler;
  readonly #self: object;
  readonly #events: EventEmitter = new EventEmitter();
  #any: readonly AnyHandler[] = [];
  #middlewares: readonly SocketIoEventMiddleware[] = [];

  /** @param self the value of `this` in handlers */
  constructor(self: object, run: RunHandler) {
    this.#self = self;
    this.#run = run;
    this.#events.setMaxListeners(0);
  }

  on(event: string, handler: SocketIoHandler): void {
    this.#events.on(event, handler as () => void);
  }

  once(event: string, handler: SocketIoHandler): void {
    const call = (...values: unknown[]): unknown => {
      this.#events.off(event, call);
      return Reflect.apply(handler, this.#self, values);
    };
    // Lets `off` find the handler, because `EventEmitter` compares this property.
    call.listener = handler;
    this.#events.on(event, call);
  }

  off(event: string, handler: SocketIoHandler): void {
    this.#events.off(event, handler as () => void);
  }

  removeAll(event: string | undefined): void {
    this.#events.removeAllListeners(event);
  }

  onAny(handler: AnyHandler): void {
    this.#any = [...this.#any, handler];
  }

  /** Removes a handler. @param handler `undefined` removes all handlers of the event */
  offAny(handler: AnyHandler | undefined): void {
    const at = handler === undefined ? -1 : this.#any.indexOf(handler);
    this.#any = handler === undefined ? [] : this.#any.filter((_, other) => other !== at);
  }

  use(middleware: SocketIoEventMiddleware): void {
    this.#middlewares = [...this.#middlewares, middleware];
  }

  /**
   * Passes an event of the client through the middlewares, one after the other. @param onPassed called after the last
   */
  pass(event: unknown[], onPassed: (event: readonly unknown[]) => void, at = 0): void {
    const middleware = this.#middlewares[at];
    if (middleware === undefined) {
      onPassed(event);
      return;
    }
    let isCalled = false;
    const next = (error?: Error): void => {
      if (isCalled) return;
      isCalled = true;
      if (error) this.call('error', [error]);
      else this.pass(event, onPassed, at + 1);
    };
    this.#run(() => middleware(event, next));
  }

  /** Calls the `onAny` handlers, then the handlers of the event. */
  callAll(event: string, values: readonly unknown[]): void {
    for (const handler of this.#any) this.#run(() => Reflect.apply(handler, this.#self, [event, ...values]));
    this.call(event, values);
  }

  call(event: string, values: readonly unknown[]): void {
    for (const handler of this.#events.rawListeners(event)) this.#run(() => Reflect.apply(handler, this.#self, values));
  }
}
