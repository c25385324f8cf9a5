const loneSurrogate = /\p{Surrogate}/u;

/**
 * Returns whether every string in a parsed JSON value is well-formed Unicode. A lone surrogate, which only an escape can bring
 * into JSON, has no UTF-8: it would be read back as a different text than was acknowledged. Accepts values that are not JSON,
 * such as the stream of a body. Recursive, so the caller must have checked the shape of the value, which bounds its depth.
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
