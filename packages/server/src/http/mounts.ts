import type { Server as HttpServer, IncomingMessage } from 'node:http';
import { type Routes, takeOver } from './take-over.js';

type OnHead = (request: IncomingMessage) => void;

/** Holds the routes of one wire server by path prefix, and mounts them on each HTTP server to which it is attached. */
export class Mounts {
  readonly #routes: Map<string, Routes>;
  readonly #attached: Set<{ readonly server: HttpServer; readonly onHead: OnHead; readonly releases: (() => void)[] }> =
    new Set();

  constructor(prefix: string, routes: Routes) {
    this.#routes = new Map([[prefix, routes]]);
  }

  /**
   * Adds routes, also to all HTTP servers that are already attached.
   *
   * @throws TypeError if the path overlaps one in use
   */
  add(prefix: string, routes: Routes): void {
    const taken = [...this.#routes.keys()].find((other) => isUnder(prefix, other) || isUnder(other, prefix));
    if (taken !== undefined) throw new TypeError(`path: ${JSON.stringify(prefix)} overlaps the path ${taken}`);
    this.#routes.set(prefix, routes);
    for (const { server, onHead, releases } of this.#attached) releases.push(takeOver(server, prefix, routes, onHead));
  }

  /**
   * Mounts all routes on an HTTP server.
   *
   * @returns a function that restores the server
   */
  attach(server: HttpServer, onHead: OnHead): () => void {
    const releases = [...this.#routes].map(([prefix, routes]) => takeOver(server, prefix, routes, onHead));
    const attached = { server, onHead, releases };
    this.#attached.add(attached);
    return () => {
      this.#attached.delete(attached);
      // Restores in reverse order, because each mount has wrapped the one before it.
      for (const release of releases.toReversed()) release();
    };
  }
}

function isUnder(path: string, prefix: string): boolean {
  return `${path}/`.startsWith(`${prefix}/`);
}
