import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { files, root } from './tree.mjs';

const sources = /^packages\/(protocol|server|client|gateway-\w+)\/src\/(?!test-kit\/)(?!.*\.test\.ts$).*\.ts$/;

/** The classes that may be asked for, by file. A class of Node exists once in a process; any other never leaves its package. */
const allowed = new Set([
  'packages/client/src/legacy/engine.ts OldMap',
  'packages/gateway-socketio/src/socketio/namespace.ts Socket',
  'packages/protocol/src/session/session-registry.ts InvariantError',
  'packages/server/src/addresses/connection-guard.ts TlsServer',
  'packages/server/src/error-location.ts ours',
  'packages/server/src/http/request-gate.ts TlsServer',
  'packages/server/src/sessions/restoration.ts SnapshotVersionError',
  'packages/server/src/sessions/restoration.ts InvariantError',
  'packages/server/src/sessions/session-table.ts SessionShell',
  'packages/server/src/sockets/choose-writer.ts Socket',
  'packages/server/src/sockets/direct-socket-writer.ts TCP',
  'packages/server/src/tcp/tcp-acceptor.ts TlsServer',
]);

/** Returns the file and class of each `instanceof` in a file, outside of comments. */
function usesIn(path) {
  const code = readFileSync(join(root, path), 'utf8').replace(/^\s*(\*|\/[/*]).*/gm, '');
  return [...code.matchAll(/\binstanceof\s+([\w.]+)/g)].map(([, name]) => `${path} ${name}`);
}

/**
 * Checks that the transport never asks for the class of a value that an application, a browser or another package made:
 * a promise, bytes or an error of another realm or copy is not of our class. `isThenable`, `bytesOf` and `isBlob` ask
 * what a value can do.
 */
export function checkInstanceof() {
  const used = new Set(files(sources).flatMap(usesIn));
  const problems = [
    ...[...used].filter((use) => !allowed.has(use)).map((use) => `${use}: ask what the value can do`),
    ...[...allowed].filter((use) => !used.has(use)).map((use) => `${use}: no longer needed in instanceof.mjs`),
  ];
  return problems.length > 0 ? problems.join('\n') : null;
}
