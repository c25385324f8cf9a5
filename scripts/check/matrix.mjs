import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { files, root } from './tree.mjs';

/** What tests are multiplied by, and the rooms whose tests go through all of it. `browser`, `proxy` and `store` have a folder of their own. */
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
    one: 'who may and who may not',
    values: [
      ...['nobody', 'suspended', 'guest', 'stranger', 'former', 'reader', 'member', 'admin', 'owner', 'administrator'],
    ],
    homes: /^tests\/chat-server\/(command-trials|every-route\.test|rest-rights\.test)\.ts$/,
  },
];
/** More than one of each kind, and raw TCP. */
const most = 4;

const tests = /^(tests\/|(packages|apps)\/.*\.test\.tsx?$).*\.tsx?$/;
const lists = /\[[^[\]]*\]/g;

/** A matrix has one home for each axis: outside of it no list of a test goes through more than one value of each kind. */
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
