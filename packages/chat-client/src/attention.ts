/** Whether a person is in front of this page. Without a document (Node, a worker) somebody always is. */
export class Attention {
  readonly #changed: () => void;
  readonly #listener = (): void => this.#changed();

  constructor(changed: () => void) {
    this.#changed = changed;
    if (typeof document !== 'undefined') document.addEventListener('visibilitychange', this.#listener);
  }

  get active(): boolean {
    return typeof document === 'undefined' || document.visibilityState === 'visible';
  }

  stop(): void {
    if (typeof document !== 'undefined') document.removeEventListener('visibilitychange', this.#listener);
  }
}
