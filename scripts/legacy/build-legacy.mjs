/**
 * The client for every browser since Internet Explorer 6, from the same files as the one for today's.
 *
 * esbuild joins the files and puts stand-ins in the place of some (`packages/client/src/legacy`); Babel turns the language into
 * ES3; UglifyJS makes it short. What an engine of 1999 could not read, or does not have, fails the build.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@babel/core';
import { parse } from 'acorn';
import { build, transform } from 'esbuild';
import { minify } from 'uglify-js';
import { lean } from './lean.mjs';
import { helpers, names, shortChains, walks } from './old-words.mjs';
import { refuseLater } from './refuse-later.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const legacy = join(root, 'packages/client/src/legacy');

/** What stands in for what, by the end of its path. */
const standIns = {
  'protocol/src/message.ts': 'message.ts',
  'protocol/src/typed-message.ts': 'typed-message.ts',
  'client/src/send-desk.ts': 'send-desk.ts',
  'client/src/farewell.ts': 'farewell.ts',
  'client/src/waking.ts': 'waking.ts',
  'client/src/random.ts': 'random.ts',
  'client/src/network-memory.ts': 'network-memory.ts',
  'client/src/transports/fetch-carrier.ts': 'fetch-carrier.ts',
};

/** Exports that only files use of which nothing is left; one that stayed in would be refused, by this name. */
const gone = {
  'message.ts': ['messageFromUtf8'],
  'typed-message.ts': ['fromItem', 'toItem', 'TypedMessage'],
  'fetch-carrier.ts': ['createFetchCarrier'],
};

/** What only a server reads goes from a file, for its length. */
const cuts = {
  'protocol/src/record.ts': /^ {2}(open|attach|from|body|hidden|fail): '.*',$/gm,
  'protocol/src/encoding/json-lines.ts': /^const textEncoder.*$/m,
};

const define = {
  Map: 'OldMap',
  Set: 'OldSet',
  Promise: 'OldPromise',
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
  AbortController: 'OldAbort',
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
    pure: ['TextEncoder', 'TextDecoder', 'Uint8Array'],
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
  const code = await shorten(`(function (page) {\n${old}\n})(this);`, whole, members);
  parse(code, { ecmaVersion: 3 });
  return code;
}

function standInPlugin() {
  return {
    name: 'stand-ins',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const cut = Object.keys(cuts).find((end) => path.endsWith(`/${end}`));
        if (cut) return { contents: readFileSync(path, 'utf8').replace(cuts[cut], ''), loader: 'ts' };
        const name = Object.keys(standIns).find((end) => path.endsWith(`/${end}`));
        if (!name) return undefined;
        const file = join(legacy, standIns[name]);
        const rest = (gone[standIns[name]] ?? []).map(
          (word) => `\nexport function ${word}() { notInTheLegacyBuild(); }`,
        );
        return { contents: readFileSync(file, 'utf8') + rest.join(''), loader: 'ts', resolveDir: dirname(file) };
      });
    },
  };
}

function toOldLanguage(code, members) {
  const steps = [
    { plugins: [walks] },
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
          { targets: { ie: '6' }, modules: false, exclude: ['@babel/plugin-transform-typeof-symbol'] },
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

async function shorten(code, whole, members) {
  const short = [...members].filter((name) => !reserved.includes(name)).join('|');
  refuseLater(code);
  const { code: made, error } = minify(code.replace(/"use strict";/g, ''), {
    ie: true,
    compress: whole ? false : { passes: 3, pure_getters: true },
    mangle: whole ? false : { properties: { regex: new RegExp(`^(_.*|[a-z]+[A-Z]\\w*|${short})$`), reserved } },
    output: { ascii_only: true, beautify: whole },
  });
  if (error) throw error;
  return made;
}
