import { types as t } from '@babel/core';

/**
 * A Babel plugin that removes the members that this build does not have, by name: the members of classes and objects,
 * and assignments to them. Replaces each read and call by a constant.
 *
 * @param names the names by class, or by `{}` for object literals; private ones begin with `#`; `name()` matches only
 *   methods
 * @param zeros the names that are replaced by 0; all others are replaced by `undefined`
 * @throws Error for a name that no longer exists, or that another class has too, where it may have another meaning
 */
export function absent(_, { names, zeros }) {
  const all = new Set(Object.values(names).flatMap((some) => some.split(' ')));
  const found = new Set();
  return {
    visitor: {
      Program(path) {
        path.traverse({
          'ClassMethod|ClassPrivateMethod|ClassProperty|ClassPrivateProperty|ObjectProperty|ObjectMethod'(inner) {
            const name = absentName(inner.node.key, inner.node, t.isMethod(inner.node));
            if (!name) return;
            const holder = t.isClass(inner.parentPath.parent) ? classOf(inner.parentPath.parentPath) : '{}';
            if (!names[holder]?.split(' ').includes(name)) throw new Error(`${holder} has ${name} too`);
            found.add(`${holder} ${name}`);
            inner.remove();
          },
          'MemberExpression|OptionalMemberExpression'(inner) {
            const name = absentName(inner.node.property, inner.node, inner.parent.callee === inner.node);
            if (name) replace(inner, zeros.includes(name) ? 0 : undefined);
          },
        });
        for (const [holder, some] of Object.entries(names))
          for (const name of some.split(' '))
            if (!found.has(`${holder} ${name}`)) throw new Error(`${holder} no longer has ${name}`);
      },
    },
  };

  function absentName(key, { computed }, isMethod) {
    const name = t.isPrivateName(key) ? `#${key.id.name}` : key.name;
    if (computed) return undefined;
    return all.has(name) ? name : isMethod && all.has(`${name}()`) ? `${name}()` : undefined;
  }
}

const classOf = ({ node, parent }) => (t.isVariableDeclarator(parent) ? parent.id.name : node.id?.name);

/** Replaces an expression together with every read and call on it. */
function replace(inner, value) {
  let path = inner;
  while (isOf(path.node, path.parent)) path = path.parentPath;
  // It was removed together with the call of which it was an argument.
  if (!path.container) return;
  const { parent, parentPath } = path;
  const put = value === undefined ? t.unaryExpression('void', t.numericLiteral(0)) : t.numericLiteral(value);
  if (t.isAssignmentExpression(parent) && parent.left === path.node) parentPath.replaceWith(put);
  else if (t.isLogicalExpression(parent, { operator: '??' }) && parent.left === path.node && value === undefined)
    parentPath.replaceWith(parent.right);
  else path.replaceWith(put);
}

const isOf = (node, parent) =>
  (t.isMemberExpression(parent) || t.isOptionalMemberExpression(parent) ? parent.object : parent.callee) === node;
