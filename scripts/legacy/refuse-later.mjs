import { parseSync, types as t, traverse } from '@babel/core';

/** The global names of ES3, and those of the platform that the client checks before use. */
const globals = new Set(
  (
    'page Array Boolean Date Error Function Math Number Object RangeError RegExp String TypeError arguments encodeURIComponent ' +
    'isNaN parseInt unescape undefined NaN Infinity setTimeout clearTimeout WebSocket XMLHttpRequest XDomainRequest btoa document location'
  ).split(' '),
);
const methods = {
  Array: 'concat join pop push reverse shift slice sort splice unshift toString',
  String:
    'charAt charCodeAt concat indexOf lastIndexOf match replace search slice split substring toLowerCase toString toUpperCase',
  Function: 'apply call toString',
  RegExp: 'exec test toString',
  Number: 'toFixed toString valueOf',
  Date: 'getTime toString valueOf',
  Object: 'hasOwnProperty isPrototypeOf toString valueOf',
};
const allowed = new Set(Object.values(methods).flatMap((names) => names.split(' ')));
/** Names of later methods that are also methods of the client's own objects. */
const own = new Set('catch finally then get set has delete clear add close keys'.split(' '));
const later = new Set(
  [Array, String, Function, RegExp, Number, Date, Object]
    .flatMap((type) => Object.getOwnPropertyNames(type.prototype))
    .filter(
      (name) =>
        !allowed.has(name) && !own.has(name) && !['length', 'constructor', 'arguments', 'caller'].includes(name),
    ),
);
const statics = {
  Math: 'abs ceil floor max min pow random round',
  Number: 'POSITIVE_INFINITY',
  String: 'fromCharCode',
  Object: 'prototype',
  Array: 'prototype',
  Date: '',
};

/** Checks that a script uses only what an engine of 1999 has. @throws Error that names the rest */
export function refuseLater(code) {
  const wrong = new Set();
  traverse(parseSync(code, { babelrc: false, configFile: false, sourceType: 'script' }), {
    Program({ scope }) {
      for (const name of Object.keys(scope.globals)) if (!globals.has(name)) wrong.add(name);
    },
    CallExpression({ node: { callee } }) {
      if (t.isMemberExpression(callee) && !callee.computed && later.has(callee.property.name))
        wrong.add(`.${callee.property.name}()`);
    },
    MemberExpression({ node: { object, property }, scope }) {
      const known = t.isIdentifier(object) && !scope.hasBinding(object.name, true) && statics[object.name];
      if (typeof known === 'string' && !known.split(' ').includes(property.name))
        wrong.add(`${object.name}.${property.name}`);
    },
  });
  if (wrong.size > 0) throw new Error(`An engine of 1999 does not have ${[...wrong].join(', ')}`);
}
