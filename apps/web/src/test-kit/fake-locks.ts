interface Request {
  readonly name: string;
  readonly mode: LockMode;
  readonly hold: () => void;
}

/** A fake lock manager that grants locks in the order of the requests. Supports the options `mode` and `signal`. */
export class FakeLocks implements LockManager {
  readonly #held = new Set<Request>();
  #waiting: Request[] = [];

  request<Result>(name: string, callback: LockGrantedCallback<Result>): Promise<Awaited<Result>>;
  request<Result>(name: string, options: LockOptions, callback: LockGrantedCallback<Result>): Promise<Awaited<Result>>;
  request<Result>(
    name: string,
    options: LockOptions | LockGrantedCallback<Result>,
    callback?: LockGrantedCallback<Result>,
  ): Promise<Awaited<Result>> {
    const given = typeof options === 'function' ? {} : options;
    const granted = typeof options === 'function' ? options : callback;
    const { mode = 'exclusive', signal } = given;
    return new Promise<Awaited<Result>>((resolve, reject) => {
      const hold = async (): Promise<void> => {
        this.#held.add(request);
        resolve((await granted?.({ name, mode })) as Awaited<Result>);
        this.#held.delete(request);
        this.#grant();
      };
      const request: Request = { name, mode, hold: () => void hold() };
      signal?.addEventListener('abort', () => {
        if (this.#waiting.includes(request)) reject(signal.reason);
        this.#waiting = this.#waiting.filter((one) => one !== request);
      });
      this.#waiting.push(request);
      this.#grant();
    });
  }

  async query(): Promise<LockManagerSnapshot> {
    return { held: [...this.#held].map(({ name, mode }) => ({ name, mode })), pending: [] };
  }

  #grant(): void {
    for (const request of this.#waiting) {
      const others = [...this.#held].filter(({ name }) => name === request.name);
      if (others.some(({ mode }) => mode === 'exclusive') || (others.length > 0 && request.mode === 'exclusive'))
        continue;
      this.#waiting = this.#waiting.filter((one) => one !== request);
      request.hold();
    }
  }
}
