const loneSurrogate = /\p{Surrogate}/u;

/**
 * Returns whether every string in a parsed JSON value is well-formed Unicode, that is, has no lone surrogate (half of a
 * character). Only an escape can bring a lone surrogate into JSON. It has no UTF-8 form, so a database would return
 * another text than the server has acknowledged. Accepts values that are not JSON, such as the stream of a body. The
 * function is recursive, so the caller must have checked the shape of the value, which bounds the depth.
 */
export function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return !loneSurrogate.test(value);
  return !isContainer(value) || Object.values(value).every(isWellFormed);
}

function isContainer(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}
