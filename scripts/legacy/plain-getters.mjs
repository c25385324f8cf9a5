import { types as t } from '@babel/core';

/**
 * A Babel plugin that replaces each getter that only returns the private field of the same name by a public field. ES3
 * has no getters, and a method for each would be longer.
 */
export function plainGetters() {
  return {
    visitor: {
      Class(path) {
        const { body } = path.node.body;
        const plain = new Set(body.filter(isPlainGetter).map(({ key }) => key.name));
        if (plain.size === 0) return;
        path.node.body.body = body.filter((member) => !isPlainGetter(member));
        for (const member of path.node.body.body)
          if (t.isClassPrivateProperty(member) && plain.has(member.key.id.name))
            Object.assign(member, { type: 'ClassProperty', key: t.identifier(member.key.id.name), computed: false });
        path.traverse({
          PrivateName(inner) {
            const { name } = inner.node.id;
            if (plain.has(name)) inner.replaceWith(t.identifier(name));
          },
        });
      },
    },
  };
}

function isPlainGetter({ kind, key, body }) {
  const [only, ...others] = kind === 'get' && t.isIdentifier(key) ? body.body : [];
  if (!t.isReturnStatement(only) || others.length > 0) return false;
  const { argument } = only;
  return (
    t.isMemberExpression(argument) &&
    t.isThisExpression(argument.object) &&
    t.isPrivateName(argument.property) &&
    argument.property.id.name === key.name
  );
}
