import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { files, root } from './tree.mjs';

/**
 * The dimensions by which tests multiply, with all their values, and the tests that may go through all of them.
 * `browser`, `proxy` and `store` each have a separate folder.
 */
const axes = [
  {
    axis: 'transport',
    one: 'one of each kind: a socket, a stream, polls',
    values: [
      ...['websocket', 'tcp', 'event-stream', 'fetch-stream', 'multipart-stream', 'xhr-stream', 'iframe-stream'],
      ...['htmlfile', 'xdr-stream', 'long-poll', 'short-poll', 'jsonp'],
    ],
    homes: /^tests\/(transports|browser\/transports|browser\/engines)\//,
  },
  {
    axis: 'person',
    one: 'one with the permission and one without',
    values: [
      ...['nobody', 'suspended', 'guest', 'stranger', 'former', 'reader', 'member', 'admin', 'owner', 'administrator'],
    ],
    homes: /^tests\/chat-server\/(command-trials|every-route\.test|rest-rights\.test)\.ts$/,
  },
];
/** One value of each kind, and raw TCP. */
const most = 4;

const tests = /^(tests\/|(packages|apps)\/.*\.test\.tsx?$).*\.tsx?$/;
const lists = /\[[^[\]]*\]/g;

/**
 * Checks that only the home of an axis goes through all of its values: elsewhere, a list in a test has at most one
 * value of each kind.
 */
export function checkMatrix() {
  const problems = [];
  for (const path of files(tests)) {
    const text = readFileSync(join(root, path), 'utf8');
    for (const { axis, one, values, homes } of axes) {
      if (homes.test(path)) continue;
      for (const list of text.matchAll(lists)) {
        const named = values.filter((value) => list[0].includes(`'${value}'`));
        if (named.length <= most) continue;
        const line = text.slice(0, list.index).split('\n').length;
        problems.push(`${path}:${line}: goes through ${named.length} values of the axis ${axis}; take ${one}`);
      }
    }
  }
  return problems.length > 0 ? problems.join('\n') : null;
}
