/**
 * Babel plugins that compile the client for an engine of 1999, where Babel's own plugins need more than such an engine
 * has: iterators, `Object.defineProperty`, `Object.create`, weak maps. The functions that they insert are in
 * `packages/client/src/legacy/engine.ts`.
 */
import { types as t } from '@babel/core';

/** Methods newer than ES3; a function of the same name in `engine.ts` replaces each. */
const laterMethods = new Set(
  'map findIndex find some every filter indexOf includes fill startsWith endsWith repeat'.split(' '),
);

/** Fields that only the application reads, and that share a name with a getter. */
const onlyWritten = new Set(['retryAt']);

const call = (name, ...args) => t.callExpression(t.identifier(name), args);

/** The first step: compiles loops, spreads and patterns over iterables into ES3 loops and arrays. */
export function walks() {
  return {
    visitor: {
      Program(path) {
        // The functions of `engine.ts` are in the outermost scope; no inner binding may shadow them.
        const words = Object.keys(path.scope.bindings);
        path.traverse({
          Scope({ scope }) {
            for (const word of words) if (scope !== path.scope && scope.hasOwnBinding(word)) scope.rename(word);
          },
        });
      },
      ForOfStatement(path) {
        const { left, right, body } = path.node;
        const next = path.scope.generateUidIdentifier('next');
        const step = path.scope.generateUidIdentifier('step');
        const item = t.memberExpression(step, t.numericLiteral(0), true);
        const [{ id }] = left.declarations;
        const declared = t.variableDeclaration(left.kind, [t.variableDeclarator(id, item)]);
        const inner = t.isBlockStatement(body) ? body.body : [body];
        const take = t.assignmentExpression('=', step, t.callExpression(next, []));
        const init = t.variableDeclaration('let', [
          t.variableDeclarator(next, call('iterate', right)),
          t.variableDeclarator(step),
        ]);
        path.replaceWith(t.forStatement(init, take, null, t.blockStatement([declared, ...inner])));
      },
      ArrayExpression(path) {
        const { elements } = path.node;
        if (!elements.some((element) => t.isSpreadElement(element))) return;
        const parts = elements.map((one) =>
          t.isSpreadElement(one) ? call('list', one.argument) : t.arrayExpression([one]),
        );
        const [first, ...rest] = parts;
        path.replaceWith(
          rest.length === 0 ? first : t.callExpression(t.memberExpression(first, t.identifier('concat')), rest),
        );
      },
      VariableDeclarator({ node }) {
        if (t.isArrayPattern(node.id) && node.init && !isList(node.init)) node.init = call('list', node.init);
      },
      AssignmentExpression({ node }) {
        if (t.isArrayPattern(node.left) && !isList(node.right)) node.right = call('list', node.right);
      },
    },
  };
}

const isList = (node) => t.isCallExpression(node) && t.isIdentifier(node.callee, { name: 'list' });

/**
 * The next step: private names become unique public names, getters become methods, and methods of later engines become
 * functions. A getter is recognized only by its name, so no field may have that name; otherwise the build fails.
 */
export function names(_, { members }) {
  const getters = new Set();
  const privates = new Map();
  let classes = 0;
  return {
    visitor: {
      Program(path) {
        path.traverse({
          Class(inner) {
            classes += 1;
            collect(inner.node, classes, getters, privates);
            for (const { key } of inner.node.body.body) if (t.isIdentifier(key)) members.add(key.name);
          },
        });
        path.traverse({ Class: { exit: rename } });
        path.traverse({ 'ClassProperty|ObjectProperty|ClassMethod|ObjectMethod': refuseField });
        path.traverse({ 'MemberExpression|OptionalMemberExpression': { exit: toCall } });
        path.traverse({ CallExpression: laterMethod });
        path.traverse({ 'MemberExpression|ObjectProperty|ObjectMethod|ClassProperty|ClassMethod': ownWord });
      },
    },
  };

  function refuseField({ node }) {
    if (node.kind === 'get' || node.computed) return;
    const name = node.key.name;
    if (getters.has(name) && !node.wasGetter && !onlyWritten.has(name))
      throw new Error(`${name} is both a getter and a field`);
  }

  function rename(path) {
    const own = privates.get(path.node);
    // Fields without a value exist only for the type checker.
    path.node.body.body = path.node.body.body.filter((member) => !isField(member) || member.value);
    if (path.node.superClass) passOn(path.node.body.body);
    for (const member of path.node.body.body) {
      if (member.kind === 'get') {
        member.kind = 'method';
        member.wasGetter = true;
      }
      if (t.isClassPrivateProperty(member)) {
        Object.assign(member, {
          type: 'ClassProperty',
          key: t.identifier(own.get(member.key.id.name)),
          computed: false,
        });
      } else if (t.isClassPrivateMethod(member)) {
        Object.assign(member, { type: 'ClassMethod', key: t.identifier(own.get(member.key.id.name)), computed: false });
      }
    }
    path.traverse({
      PrivateName(inner) {
        const name = own.get(inner.node.id.name);
        // A missing name belongs to an enclosing class.
        if (name) inner.replaceWith(t.identifier(name));
      },
    });
  }

  function toCall(path) {
    const { node, parent } = path;
    if (node.computed || !getters.has(node.property.name) || node.gotten) return;
    if (t.isAssignmentExpression(parent) && parent.left === node)
      throw new Error(`${node.property.name} is a getter, but it is assigned`);
    node.gotten = true;
    path.replaceWith(t.callExpression(node, []));
    path.skip();
  }
}

const isField = (member) => t.isClassProperty(member) || t.isClassPrivateProperty(member);

/** Adds a constructor that passes on three arguments, as many as any class of the client takes. */
function passOn(members) {
  if (members.some(({ kind }) => kind === 'constructor')) return;
  const args = ['a', 'b', 'c'].map((name) => t.identifier(name));
  const body = t.blockStatement([t.expressionStatement(t.callExpression(t.super(), args))]);
  members.push(t.classMethod('constructor', t.identifier('constructor'), args, body));
}

function collect(node, no, getters, privates) {
  const own = new Map();
  privates.set(node, own);
  for (const member of node.body.body) {
    const isPrivate = t.isClassPrivateProperty(member) || t.isClassPrivateMethod(member);
    if (isPrivate) own.set(member.key.id.name, `_${member.key.id.name}${no}`);
    if (member.kind === 'get') getters.add(isPrivate ? `_${member.key.id.name}${no}` : member.key.name);
    if (member.kind === 'set') throw new Error(`${member.key.name}: setters are not supported`);
  }
}

/**
 * Names of client members that are not allowed after a dot in ES3, or that the platform has too, so that they would not
 * be shortened. The client uses no platform member of these names.
 */
const ownWords =
  /^(in|delete|catch|finally|session|candidate|links|current|connect|second|flush|sample|ended|paused|strikes|carrier|rows|forget|random)$/;

function ownWord({ node }) {
  const word = t.isMemberExpression(node) ? node.property : node.key;
  if (node.computed || !ownWords.test(word.name)) return;
  if (t.isMemberExpression(node) && t.isIdentifier(node.object, { name: 'Math' })) return;
  if (node.shorthand) node.shorthand = false;
  word.name = `_${word.name}`;
}

/**
 * Compiles `a?.b` and `a ?? b` to shorter code than Babel does. Left of `?.` is an object or a nullish value, and also
 * left of `??` if an object, a string or a falsy value is on its right. Then a test for truth replaces the test for
 * nullish.
 */
export function shortNothings() {
  return {
    visitor: {
      LogicalExpression({ node }) {
        if (node.operator === '??' && (isFalsy(node.right) || isTruthy(node.right))) node.operator = '||';
      },
      AssignmentExpression({ node }) {
        if (node.operator === '??=' && isTruthy(node.right)) node.operator = '||=';
      },
    },
  };
}

const isFalsy = (node) =>
  t.isNullLiteral(node) ||
  t.isNumericLiteral(node, { value: 0 }) ||
  t.isIdentifier(node, { name: 'undefined' }) ||
  t.isStringLiteral(node, { value: '' });
const isTruthy = (node) =>
  t.isStringLiteral(node) || t.isObjectExpression(node) || t.isArrayExpression(node) || t.isNewExpression(node);

/** The same after Babel: `a == null || (b = a.b) == null ? void 0 : b.c` is `a && (b = a.b) ? b.c : void 0`. */
export function shortChains() {
  return {
    visitor: {
      ConditionalExpression(path) {
        const { test, consequent, alternate } = path.node;
        const some = t.isUnaryExpression(consequent, { operator: 'void' }) && something(test);
        if (!some) return;
        if (isAnyNothing(path)) path.replaceWith(t.logicalExpression('&&', some, alternate));
        else path.replaceWith(t.conditionalExpression(some, alternate, consequent));
      },
      LogicalExpression(path) {
        const { left, operator, right } = path.node;
        const some = operator === '||' && t.isExpressionStatement(path.parent) && something(left);
        if (some) path.replaceWith(t.logicalExpression('&&', some, right));
        else if (operator === '&&' && isNothing(left, '!=')) path.node.left = subject(left);
      },
    },
  };
}

const isPlain = (node) => t.isStringLiteral(node) || t.isNumericLiteral(node) || t.isBooleanLiteral(node);
const isNothing = (node, operator) =>
  t.isBinaryExpression(node, { operator }) && (t.isNullLiteral(node.left) || t.isNullLiteral(node.right));
const subject = (node) => (t.isNullLiteral(node.left) ? node.right : node.left);

/**
 * Returns, for `a == null || b == null`, the expression that is true if neither holds; `undefined` for any other test.
 */
function something(test) {
  if (isNothing(test, '==')) return subject(test);
  if (!t.isLogicalExpression(test, { operator: '||' })) return undefined;
  const left = something(test.left);
  const right = something(test.right);
  return left && right && t.logicalExpression('&&', left, right);
}

/**
 * Returns whether the kind of falsy value does not matter here: in a comparison with a literal, and in a test for
 * nullish.
 */
function isAnyNothing({ node, parent, parentPath }) {
  if (t.isLogicalExpression(parent, { operator: '||' })) return parent.left === node;
  if (t.isAssignmentExpression(parent, { operator: '=' })) return isNothing(parentPath.parent, '!=');
  if (!t.isBinaryExpression(parent)) return false;
  return (
    isNothing(parent, '!=') ||
    (/^[!=]==$/.test(parent.operator) && isPlain(parent.left === node ? parent.right : parent.left))
  );
}

function laterMethod(path) {
  const { callee } = path.node;
  if (!t.isMemberExpression(callee) || callee.computed || t.isSuper(callee.object)) return;
  if (laterMethods.has(callee.property.name))
    path.replaceWith(call(callee.property.name, callee.object, ...path.node.arguments));
}

/**
 * Replaces Babel's helpers by functions of `engine.ts`. An unknown helper fails the build, because it may need more
 * than ES3.
 */
export function helpers() {
  const known = { readOnlyError: 'readOnlyError', extends: 'assign' };
  return {
    pre(file) {
      file.set('helperGenerator', (name) => {
        if (!known[name]) throw new Error(`Babel needs its helper ${name}, which is not supported`);
        return t.identifier(known[name]);
      });
    },
  };
}
