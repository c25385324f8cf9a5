type Listener = EventListenerOrEventListenerObject;

/** Reports an error of the application's code, as a browser reports one of a listener. Node has only the console. */
export function reportFailure(error: unknown): void {
  (globalThis.reportError ?? console.error)(error);
}

/**
 * An `EventTarget` that also calls the handlers in `on…`, first. Its listeners are those of another `EventTarget`: in Node an
 * error of a listener would end the process, and happy-dom calls `on…` of a target by itself, so twice.
 */
export class Listeners extends EventTarget {
  readonly #hub: EventTarget = new EventTarget();
  /** The guarded form of each listener. */
  readonly #guarded: WeakMap<Listener, EventListener> = new WeakMap();

  override addEventListener(
    type: string,
    listener: Listener | null,
    options?: boolean | AddEventListenerOptions,
  ): void {
    this.#hub.addEventListener(type, this.#guard(listener), options);
  }

  override removeEventListener(
    type: string,
    listener: Listener | null,
    options?: boolean | EventListenerOptions,
  ): void {
    this.#hub.removeEventListener(type, this.#guard(listener), options);
  }

  override dispatchEvent(event: Event): boolean {
    const target = { value: this };
    Object.defineProperties(event, { target, currentTarget: target });
    this.#guard((this as unknown as Record<string, Listener | null | undefined>)[`on${event.type}`])?.(event);
    return this.#hub.dispatchEvent(event);
  }

  #guard(listener: Listener | null | undefined): EventListener {
    if (listener && !this.#guarded.has(listener))
      // Async, so that a promise that is rejected later is reported like an error that is thrown.
      this.#guarded.set(listener, async (event) => {
        try {
          await ('call' in listener ? listener.call(this, event) : listener.handleEvent(event));
        } catch (error) {
          reportFailure(error);
        }
      });
    return this.#guarded.get(listener!)!;
  }
}
