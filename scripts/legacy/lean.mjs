import { types as t } from '@babel/core';

/**
 * A Babel plugin that removes uncalled methods. The whole client is one script here, and only some of its classes are
 * instantiated. `kept` are the names of the public API.
 */
export function lean(_, { kept }) {
  return {
    visitor: {
      Program(path) {
        while (takeOut(path, kept) > 0);
      },
    },
  };
}

function takeOut(path, kept) {
  const { classes, made, named } = look(path);
  let taken = 0;
  for (const [name, { node }] of classes) {
    const { body } = node.body;
    node.body.body = body.filter((member) => {
      if (!t.isClassMethod(member) || member.kind === 'constructor') return true;
      const word = member.key.name;
      if (member.static) return named.has(word);
      if (kept.has(word)) return true;
      return named.has(word) && isReached(classes, made, name, word);
    });
    taken += body.length - node.body.body.length;
  }
  return taken;
}

/** Returns the classes by name, those that are instantiated, and every property name after a dot. */
function look(path) {
  const classes = new Map();
  const made = new Set();
  const named = new Set();
  path.traverse({
    Class({ node, parent }) {
      const name = t.isVariableDeclarator(parent) ? parent.id.name : node.id?.name;
      const found = { node, above: node.superClass?.name, supers: new Set() };
      classes.set(name, found);
      if (node.id) classes.set(node.id.name, found);
    },
    NewExpression({ node }) {
      made.add(node.callee.name);
    },
    MemberExpression({ node }) {
      if (!node.computed) named.add(node.property.name);
    },
  });
  path.traverse({
    Super(inner) {
      const holder = inner.findParent((one) => one.isClass()).node;
      const found = [...classes.values()].find(({ node }) => node === holder);
      if (t.isMemberExpression(inner.parent)) found.supers.add(inner.parent.property.name);
    },
  });
  return { classes, made, named };
}

/** Returns whether an instantiated object finds this method in this class, or a subclass calls it by `super`. */
function isReached(classes, made, name, word) {
  const own = classes.get(name);
  const has = ({ node }) => node.body.body.some((member) => t.isClassMethod(member) && member.key.name === word);
  for (const [other, start] of classes) {
    const makes = made.has(other);
    let asked = makes;
    for (let one = start; one; one = classes.get(one.above)) {
      if (asked && one === own) return true;
      // A method here overrides that of the base class, unless it calls it by `super`.
      if (has(one)) asked = false;
      if (makes && one.supers.has(word) && has(one)) asked = true;
    }
  }
  return false;
}
