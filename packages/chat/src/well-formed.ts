const loneSurrogate = /\p{Surrogate}/u;

/**
 * Whether every string in a parsed JSON value is well-formed Unicode. A lone surrogate, which only an escape can bring into JSON, has no UTF-8: stored, it
 * comes back as other text than was acknowledged. What is no JSON value, such as the stream of a body, passes. Recursive: the shape of the value has been
 * checked, so that its depth is bounded.
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
