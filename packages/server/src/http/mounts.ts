import type { Server as HttpServer, IncomingMessage } from 'node:http';
import { type Routes, takeOver } from './take-over.js';

type OnHead = (request: IncomingMessage) => void;

/** What one wire server serves, by path prefix, on every http server that it is attached to. */
export class Mounts {
  readonly #routes: Map<string, Routes>;
  readonly #attached: Set<{ readonly server: HttpServer; readonly onHead: OnHead; readonly releases: (() => void)[] }> =
    new Set();

  constructor(prefix: string, routes: Routes) {
    this.#routes = new Map([[prefix, routes]]);
  }

  /** @throws TypeError where the path is served already */
  add(prefix: string, routes: Routes): void {
    const taken = [...this.#routes.keys()].find((other) => isUnder(prefix, other) || isUnder(other, prefix));
    if (taken !== undefined) throw new TypeError(`path: ${JSON.stringify(prefix)} is served already, by ${taken}`);
    this.#routes.set(prefix, routes);
    for (const { server, onHead, releases } of this.#attached) releases.push(takeOver(server, prefix, routes, onHead));
  }

  /** @returns gives the server back. */
  attach(server: HttpServer, onHead: OnHead): () => void {
    const releases = [...this.#routes].map(([prefix, routes]) => takeOver(server, prefix, routes, onHead));
    const attached = { server, onHead, releases };
    this.#attached.add(attached);
    return () => {
      this.#attached.delete(attached);
      // The last first: each has put itself before the one it found.
      for (const release of releases.toReversed()) release();
    };
  }
}

function isUnder(path: string, prefix: string): boolean {
  return `${path}/`.startsWith(`${prefix}/`);
}
