import { types as t } from '@babel/core';

/**
 * A Babel plugin that takes out what this build does not have, by name: members of classes and objects go, what they are set to goes,
 * and where one is read or called its value stands instead.
 *
 * @param names by class, or `{}` for objects without one; private ones with their `#`, methods alone with `()`
 * @param zeros those of them that are 0; all others are nothing
 * @throws Error for a name that is not there any more, or is where it was not looked for: that may be something else
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
            if (!names[holder]?.split(' ').includes(name)) throw new Error(`${holder} has ${name} as well`);
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
            if (!found.has(`${holder} ${name}`)) throw new Error(`${holder} has no ${name} any more`);
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

/** With all that is read of it or called. */
function replace(inner, value) {
  let path = inner;
  while (isOf(path.node, path.parent)) path = path.parentPath;
  // It went with what it was an argument of.
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
