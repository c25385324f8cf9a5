import { types as t } from '@babel/core';

/**
 * A Babel plugin that merges a class into its only subclass if it has no other use. The modern client loads in stages,
 * and the second stage extends the first; here everything is loaded from the start. Earlier steps gave fields values
 * and turned private names into plain ones.
 */
export function flatten() {
  return {
    visitor: {
      Program(path) {
        for (let at = 1; mergeOne(path, at); at++);
      },
    },
  };
}

/** Merges one class. @param no makes the names of methods called by `super` unique. @returns whether there was one */
function mergeOne(path, no) {
  const classes = new Map();
  const uses = new Map();
  path.traverse({
    Class(inner) {
      const { node, parentPath } = inner;
      const name = t.isVariableDeclarator(parentPath.node) ? parentPath.node.id.name : node.id?.name;
      if (name) classes.set(name, inner);
    },
    ReferencedIdentifier({ node }) {
      uses.set(node.name, (uses.get(node.name) ?? 0) + 1);
    },
  });
  for (const lower of classes.values()) {
    const { name } = lower.node.superClass ?? {};
    const upper = classes.get(name);
    if (!upper || upper.node.superClass || uses.get(name) !== 1 || upper.node.body.body.some(isStatic)) continue;
    for (const inner of upper.get('body.body')) if (isConstructor(inner.node)) renameAll(inner.scope);
    merge(upper.node, lower, no);
    (t.isVariableDeclarator(upper.parent) ? upper.parentPath : upper).remove();
    return true;
  }
  return false;
}

/** Renames the bindings of a constructor, so that they do not capture names in the arguments of the `super` call. */
function renameAll(scope) {
  for (const name of Object.keys(scope.bindings)) scope.rename(name, scope.generateUid(name));
}

const isStatic = (member) => member.static;
const isField = (member) => t.isClassProperty(member);
const isConstructor = (member) => member.kind === 'constructor';
const assign = ({ key, value }) =>
  t.expressionStatement(t.assignmentExpression('=', t.memberExpression(t.thisExpression(), key), value));

function merge(upper, lower, no) {
  const below = lower.node.body.body;
  const above = upper.body.body;
  const asked = nameSupers(lower, no);
  const methods = above.filter((member) => t.isClassMethod(member) && !isConstructor(member));
  const kept = [];
  for (const method of methods) {
    const { name } = method.key;
    const hidden = below.some((member) => t.isClassMethod(member) && !member.static && member.key.name === name);
    if (hidden && !asked.has(name)) continue;
    if (hidden) method.key = t.identifier(asked.get(name));
    else if (asked.has(name)) throw new Error(`super.${name} is called, but the class has no such method`);
    kept.push(method);
  }
  const start = startOf(
    above.find(isConstructor),
    above.filter(isField),
    below.find(isConstructor),
    below.filter(isField),
  );
  lower.node.superClass = null;
  lower.node.body.body = [start, ...kept, ...below.filter((member) => !isField(member) && !isConstructor(member))];
}

/** Renames the methods that are called by `super`. @returns the new names by the old ones */
function nameSupers(lower, no) {
  const asked = new Map();
  lower.traverse({
    MemberExpression({ node }) {
      if (!t.isSuper(node.object)) return;
      const { name } = node.property;
      asked.set(name, `_${name}Above${no}`);
      node.object = t.thisExpression();
      node.property = t.identifier(asked.get(name));
    },
  });
  return asked;
}

/**
 * Returns one constructor: the fields of the base class, its constructor in place of the `super` call, and the fields
 * of the subclass.
 */
function startOf(upper, upperFields, lower, lowerFields) {
  const params = upper?.params ?? [];
  if (!lower || isPassingOn(lower))
    return newConstructor(params, [
      ...upperFields.map(assign),
      ...(upper?.body.body ?? []),
      ...lowerFields.map(assign),
    ]);
  const body = [];
  for (const statement of lower.body.body) {
    if (!t.isExpressionStatement(statement) || !t.isSuper(statement.expression.callee)) {
      body.push(statement);
      continue;
    }
    const args = statement.expression.arguments;
    const declared = params.map((param, at) => t.variableDeclarator(param, args[at] ?? t.identifier('undefined')));
    body.push(
      ...upperFields.map(assign),
      t.blockStatement([
        ...(declared.length ? [t.variableDeclaration('let', declared)] : []),
        ...(upper?.body.body ?? []),
      ]),
      ...lowerFields.map(assign),
    );
  }
  return newConstructor(lower.params, body);
}

/** Returns whether a constructor only calls `super`, as those that the previous step adds. */
const isPassingOn = ({ body }) => body.body.length === 1 && t.isSuper(body.body[0].expression?.callee);

const newConstructor = (params, body) =>
  t.classMethod('constructor', t.identifier('constructor'), params, t.blockStatement(body));
