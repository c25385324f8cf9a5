/**
 * Builds the client for every browser since Internet Explorer 6, from the same files as the modern client.
 *
 * esbuild bundles the files and replaces some by those of `packages/client/src/legacy`. Babel compiles to ES3, and
 * UglifyJS minifies. The build fails if the result has syntax or functions that an engine of 1999 does not support.
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

/** The replacement files, by the end of the path that they replace. */
const standIns = {
  'protocol/src/message.ts': 'message.ts',
  'protocol/src/encoding/base64.ts': 'base64.ts',
  'protocol/src/session/ack-requests.ts': 'ack-requests.ts',
  'client/src/farewell.ts': 'farewell.ts',
  'client/src/waking.ts': 'waking.ts',
  'client/src/random.ts': 'random.ts',
  'client/src/transports/ask-by-post.ts': 'ask-by-post.ts',
};

/** Exports that must have no remaining use. A remaining call fails the build with the name `notInTheLegacyBuild`. */
const gone = {
  'protocol/src/message.ts': ['messageFromUtf8'],
  'protocol/src/typed-message.ts': ['fromItem', 'toItem', 'TypedMessage', 'readTyped'],
  'protocol/src/session/client-start.ts': ['ClientStart'],
  'protocol/src/session/poll-pause.ts': ['PollPause', 'refusedPollMs'],
  'client/src/send-queue.ts': ['SendQueue'],
  'client/src/network-memory.ts': ['createNetworkMemory', 'pageStorage', 'networkHint'],
};

/** Removes code that only a server or a two-stage page needs: for each file, a pattern and its replacement. */
const cuts = {
  'protocol/src/record.ts': [/^ {2}(open|attach|from|body|hidden|fail): '.*',$/gm, ''],
  'client/src/option-names.ts': [/^(export function reportWrongOptions)[\s\S]*?^}$/m, '$1(_options: object): void {}'],
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

/**
 * Returns the script, which sets `everywire` on the page.
 *
 * @param whole whether to keep it readable: neither minified nor renamed
 */
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
  if (rest === text) throw new Error(`Nothing matches ${wrong} any more, which should be removed`);
  return rest;
}

/**
 * The members that this build does not have, by class. They implement sends with promises, requests, Blobs, the memory
 * of the transport that worked, the first stage of a two-stage client, and short polling.
 */
const notHere = {
  ClientShell: '#joined #load #start',
  SessionController: 'queue counted #memory #beginFirstRace everyMs',
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

/**
 * The names that must not be shortened: those on the wire (`record-check.ts`, `record.ts`) and those of the public API.
 */
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
  // One pass is enough to count the names.
  const made = make(nameCache, 1);
  return make({ props: { props: commonFirst(nameCache.props.props, made) } }, 4);
}

/** Assigns the shortest names to the most common properties; UglifyJS assigns names in order of occurrence. */
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

/** The letters by their frequency in the script, those of its variables first. */
const letters = [...'tinshruoefcalvdpmwgyjkbxqzTISHRUOEFCALVDPMWGYJKBXQZN$_'];
