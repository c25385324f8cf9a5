import type { Person } from '@everywire/chat-client';

/**
 * Resolves mentions that were typed without the picker, as `@user-name` or `@Display Name`, and returns the text with their display names,
 * as the picker would have inserted them. A name shared by two members is not resolved, nor is one in code or in a mail address.
 */
export function resolveTypedMentions(
  text: string,
  members: readonly Person[],
): { readonly text: string; readonly people: readonly Person[] } {
  const people: Person[] = [];
  const stretches = text.split(/(```[\s\S]*?```|`[^`]*`)/);
  const resolved = stretches.map((stretch, index) => {
    if (index % 2 === 1) return stretch;
    let done = '';
    let at = 0;
    for (let next = stretch.indexOf('@'); next !== -1; next = stretch.indexOf('@', at)) {
      done += stretch.slice(at, next + 1);
      at = next + 1;
      const found = /[\w.+-]$/.test(stretch.slice(0, next)) ? null : memberAt(stretch, at, members);
      if (found === null) continue;
      people.push(found.person);
      done += found.person.displayName;
      at += found.length;
    }
    return done + stretch.slice(at);
  });
  return { text: resolved.join(''), people };
}

/** Returns the only member whose name is at `at`. The longest matching name wins. */
function memberAt(
  text: string,
  at: number,
  members: readonly Person[],
): { readonly person: Person; readonly length: number } | null {
  const rest = text.slice(at).toLowerCase();
  const named = members.flatMap((person) => {
    const lengths = [person.displayName, person.name]
      .filter((name) => standsAt(rest, name))
      .map(({ length }) => length);
    return lengths.length === 0 ? [] : [{ person, length: Math.max(...lengths) }];
  });
  const longest = Math.max(...named.map(({ length }) => length));
  const [found, ...others] = named.filter(({ length }) => length === longest);
  return found !== undefined && others.length === 0 ? found : null;
}

/** Returns whether `rest` starts with the name. A Latin name must end at a word boundary; anything may follow a Han name. */
function standsAt(rest: string, name: string): boolean {
  if (name === '' || !rest.startsWith(name.toLowerCase())) return false;
  const after = rest.slice(name.length);
  return (
    /\p{Script=Han}$/u.test(name) || !/^([\p{L}\p{N}_]|[.-][\p{L}\p{N}])/u.test(after) || /^\p{Script=Han}/u.test(after)
  );
}
