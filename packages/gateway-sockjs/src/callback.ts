/**
 * Matches the name of a function, or a member path of at most four names such as `_jp.a1b2`. Only such names are
 * permitted, because the name is written into a script.
 */
const CALLBACK = /^[A-Za-z_$][\w$]{0,31}(?:\.[A-Za-z_$][\w$]{0,31}){0,3}$/;
/** Names by which a page could reach the prototype of an object. */
const FORBIDDEN = /(?:^|\.)(?:constructor|__proto__|prototype)(?:\.|$)/;

/** The name of a JSONP callback, or the text that explains to the client why its name is refused. */
export type Callback = { readonly name: string } | { readonly fault: string };

/** Reads the name of the JSONP callback from the query of an address: the parameter `c` or `callback`. */
export function callbackOf(url: string): Callback {
  const at = url.indexOf('?');
  const query = new URLSearchParams(at < 0 ? '' : url.slice(at + 1));
  const name = query.get('c') ?? query.get('callback') ?? '';
  if (name === '') return { fault: '"callback" parameter required' };
  return CALLBACK.test(name) && !FORBIDDEN.test(name) ? { name } : { fault: 'invalid "callback" parameter' };
}
