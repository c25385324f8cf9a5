/**
 * The client for every browser since Internet Explorer 6, from the same files as the one for today's.
 *
 * esbuild joins the files and puts stand-ins in the place of some (`packages/client/src/legacy`); Babel turns the language into
 * ES3; UglifyJS makes it short. What an engine of 1999 could not read, or does not have, fails the build.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@babel/core';
import { parse } from 'acorn';
import { build, transform } from 'esbuild';
import { minify } from 'uglify-js';
import { absent } from './absent.mjs';
import { flatten } from './flatten.mjs';
import { lean } from './lean.mjs';
import { helpers, names, shortChains, shortNothings, walks } from './old-words.mjs';
import { plainGetters } from './plain-getters.mjs';
import { refuseLater } from './refuse-later.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const legacy = join(root, 'packages/client/src/legacy');

/** What stands in for what, by the end of its path. */
const standIns = {
  'protocol/src/message.ts': 'message.ts',
  'protocol/src/encoding/base64.ts': 'base64.ts',
  'protocol/src/session/ack-requests.ts': 'ack-requests.ts',
  'client/src/farewell.ts': 'farewell.ts',
  'client/src/waking.ts': 'waking.ts',
  'client/src/random.ts': 'random.ts',
  'client/src/transports/ask-by-post.ts': 'ask-by-post.ts',
};

/** Exports of which no use is left; one that stayed in would be refused, by this name. */
const gone = {
  'protocol/src/message.ts': ['messageFromUtf8'],
  'protocol/src/typed-message.ts': ['fromItem', 'toItem', 'TypedMessage', 'readTyped'],
  'protocol/src/session/client-start.ts': ['ClientStart'],
  'protocol/src/session/poll-pause.ts': ['PollPause', 'refusedPollMs'],
  'client/src/send-queue.ts': ['SendQueue'],
  'client/src/network-memory.ts': ['createNetworkMemory', 'pageStorage', 'networkHint'],
};

/** What only a server or a page of two stages needs goes from a file, and what stands in its place. */
const cuts = {
  'protocol/src/record.ts': [/^ {2}(open|attach|from|body|hidden|fail): '.*',$/gm, ''],
  'protocol/src/encoding/json-lines.ts': [/^const textEncoder.*$/m, ''],
  'protocol/src/encoding/json-item.ts': [/^.*readTyped\(value\);$/m, ''],
  'protocol/src/encoding/text-frame.ts': [/text\[0\] === '\[' \? value : /, ''],
  'protocol/src/session/client-session.ts': [
    /const typed = [^;]*;\n *if \(typed\)[^;]*;\n *else |typed === null \|\|\s*/g,
    '',
  ],
  'client/src/abilities.ts': [/^.*'(fetch|event)-stream', .*$/gm, ''],
  'client/src/session-shell.ts': [
    /const \{ transport \} = [^;]*;|return transport[^;]*;|else this\.join\(\(care\) => care\.linkEnded[^;]*;/g,
    '',
  ],
  'client/src/session-controller.ts': [/ClientSession\.adopt\((.*), this, now\(\)\)/, 'new ClientSession(this, $1)'],
};

const define = {
  Map: 'OldMap',
  Set: 'OldMap',
  queueMicrotask: 'soon',
  'Date.now': 'dateNow',
  'Number.POSITIVE_INFINITY': 'Infinity',
  'performance.now': 'steadyNow',
  'Object.assign': 'assign',
  'Object.hasOwn': 'hasOwn',
  'Array.isArray': 'isArray',
  'Number.isSafeInteger': 'isSafeInteger',
  'Math.imul': 'imul',
  'JSON.parse': 'parseJson',
  'JSON.stringify': 'stringifyJson',
  globalThis: 'page',
  window: 'page',
};

/** @returns the script, which sets `everywire` on the page. @param whole neither shortened nor renamed, to be read */
export async function buildLegacy({ whole = false } = {}) {
  const bundled = await build({
    entryPoints: [join(legacy, 'index.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'esnext',
    conditions: ['source'],
    define,
    inject: [join(legacy, 'platform-words.ts')],
    pure: ['TextEncoder', 'TextDecoder'],
    plugins: [standInPlugin()],
    logLevel: 'warning',
    legalComments: 'none',
  });
  const engine = await transform(readFileSync(join(legacy, 'engine.ts'), 'utf8'), {
    loader: 'ts',
    target: 'esnext',
    define,
  });
  const client = bundled.outputFiles[0].text.replace(/^export \{[^}]*\};?$/gm, '');
  const members = new Set();
  const old = toOldLanguage(`${engine.code.replace(/^export /gm, '')}\n(function () {\n${client}\n})();`, members);
  const code = shorten(`(function (page) {\n${old}\n})(this);`, whole, members);
  if (!whole) refuseLater(code);
  parse(code, { ecmaVersion: 3 });
  return code;
}

function standInPlugin() {
  return {
    name: 'stand-ins',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const cut = byEnd(cuts, path);
        if (cut) return { contents: cutFrom(readFileSync(path, 'utf8'), ...cut), loader: 'ts' };
        const standIn = byEnd(standIns, path);
        const rest = byEnd(gone, path)?.map((word) => `\nexport function ${word}() { notInTheLegacyBuild(); }`);
        if (!standIn && !rest) return undefined;
        const kept = standIn ? readFileSync(join(legacy, standIn), 'utf8') : '';
        return { contents: kept + (rest ?? []).join(''), loader: 'ts', resolveDir: legacy };
      });
    },
  };
}

const byEnd = (all, path) => all[Object.keys(all).find((end) => path.endsWith(`/${end}`))];

function cutFrom(text, wrong, right) {
  const rest = text.replace(wrong, right);
  if (rest === text) throw new Error(`Nothing to be cut is ${wrong} any more`);
  return rest;
}

/**
 * What this build does not have, by the class that has it: promised sends, requests and Blobs; what won on a network before; a first
 * stage to go on from; short polling.
 */
const notHere = {
  SessionShell: '#joined #load #start',
  SessionController: 'queue counted #memory #raceTimerFirst everyMs',
  LinkManager: 'adopt pollSoon later #everyMs #crowdMs #pause #pauseFor',
  ClientLinks: 'adopt',
  ClientSession: 'adopt #adopt #left #resume want() features #features',
  PlainSocket: 'held heldBytes drainOwed onrequest',
  '{}': 'features',
};

function toOldLanguage(code, members) {
  const steps = [
    { plugins: [[absent, { names: notHere, zeros: ['everyMs', '#everyMs', '#crowdMs'] }]] },
    { plugins: [plainGetters] },
    { plugins: [walks, shortNothings] },
    {
      plugins: [
        helpers,
        '@babel/plugin-transform-nullish-coalescing-operator',
        '@babel/plugin-transform-logical-assignment-operators',
        '@babel/plugin-transform-optional-chaining',
        ['@babel/plugin-transform-object-rest-spread', { loose: true, useBuiltIns: false }],
        ['@babel/plugin-transform-destructuring', { loose: true }],
      ],
    },
    { plugins: [shortChains] },
    { plugins: [[names, { members }]] },
    { plugins: [flatten] },
    { plugins: [[lean, { kept: new Set(application.split(' ')) }]] },
    {
      plugins: [
        helpers,
        '@babel/plugin-transform-class-properties',
        ['@babel/plugin-transform-classes', { loose: true }],
      ],
      presets: [
        [
          '@babel/preset-env',
          {
            targets: { ie: '6' },
            modules: false,
            exclude: ['@babel/plugin-transform-typeof-symbol', '@babel/plugin-transform-function-name'],
          },
        ],
      ],
    },
  ];
  return steps.reduce((text, step) => transformSync(text, { ...step, ...babel }).code, code);
}

const babel = {
  babelrc: false,
  configFile: false,
  compact: false,
  sourceType: 'script',
  assumptions: {
    constantReexports: true,
    constantSuper: true,
    enumerableModuleMeta: true,
    ignoreFunctionLength: true,
    ignoreToPrimitiveHint: true,
    iterableIsArray: true,
    mutableTemplateObject: true,
    noClassCalls: true,
    noDocumentAll: true,
    noIncompleteNsImportDetection: true,
    noNewArrows: true,
    noUninitializedPrivateFieldAccess: true,
    objectRestNoSymbols: true,
    pureGetters: true,
    setClassMethods: true,
    setComputedProperties: true,
    setPublicClassFields: true,
    setSpreadProperties: true,
    skipForOfIteratorClosing: true,
    superIsCallableConstructor: true,
  },
};

/** What others read: names on the wire, by `record-check.ts` and `record.ts`, and those of the application. All else is the client's own. */
const wire =
  't id n ack received seen sent sum last want instance hidden prompt resets token first count nonce features limits at pad same clean code ' +
  'topic no ticket blind up down messages bytes messageBytesMax batchMessagesMax batchBytesMax heartbeatMs heartbeatHiddenMs C L W opened ' +
  'attached ping pong probe superseded closed refused reset auth rotate answer open attach from body fail';
const application =
  'createWireClient url readyState bufferedAmount status transport onopen onmessage onerror onclose onstatuschange ondrain onreset send close ' +
  'use retryNow constructor prototype state attempts since reason roundTripMs retryAt verdict acknowledged unknown wasClean data type target';
const reserved = `${wire} ${application}`.split(' ');

function shorten(code, whole, members) {
  const short = [...members].filter((name) => !reserved.includes(name)).join('|');
  const properties = { regex: new RegExp(`^(_.*|[a-z]+[A-Z]\\w*|${short})$`), reserved };
  const make = (nameCache, passes) => {
    const { code: made, error } = minify(code.replace(/"use strict";/g, ''), {
      ie: true,
      compress: whole ? false : { passes, pure_getters: true },
      mangle: whole ? false : { properties: { ...properties } },
      nameCache,
      output: { ascii_only: true, beautify: whole },
    });
    if (error) throw error;
    return made;
  };
  if (whole) return make({}, 0);
  const nameCache = {};
  // To count them one look is enough.
  const made = make(nameCache, 1);
  return make({ props: { props: commonFirst(nameCache.props.props, made) } }, 4);
}

/** UglifyJS names properties in the order in which they come: here the most common get the shortest names. */
function commonFirst(names, made) {
  const uses = new Map(Object.values(names).map((name) => [name, 0]));
  const others = new Set(reserved);
  for (const [, name] of made.matchAll(/[.{,]([\w$]+)/g)) if (!uses.has(name)) others.add(name);
  for (const [, dotted, keyed] of made.matchAll(/\.([\w$]+)|[{,]([\w$]+):/g)) {
    const name = dotted ?? keyed;
    if (uses.has(name)) uses.set(name, uses.get(name) + 1);
  }
  const shortest = letters.flatMap((second) => letters.map((first) => first + second));
  const free = [...letters, ...shortest].filter((name) => !others.has(name) && !/^(do|if|in)$/.test(name));
  const sorted = Object.entries(names).sort(([, a], [, b]) => uses.get(b) - uses.get(a));
  return Object.fromEntries(sorted.map(([name], rank) => [name, free[rank]]));
}

/** In the order in which they are common in the script: those of its variables first. */
const letters = [...'tinshruoefcalvdpmwgyjkbxqzTISHRUOEFCALVDPMWGYJKBXQZN$_'];
