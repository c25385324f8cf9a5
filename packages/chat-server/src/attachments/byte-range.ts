import type { ByteRange } from '@everywire/chat';

/**
 * Parses a `Range` header (RFC 9110 section 14.2) for a resource of `size` bytes. Returns `null`, meaning the whole
 * resource, if the header is absent, malformed, of another unit, or has several ranges, because a server may ignore such
 * headers. Returns `unsatisfiable` if the range starts after the end of the resource. Clamps the end of the range.
 */
export function parseRange(header: string | undefined, size: number): ByteRange | 'unsatisfiable' | null {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  if (match === null) return null;
  const [, from = '', to = ''] = match;
  if (from === '') return to === '' ? null : suffix(Number(to), size);
  const first = Number(from);
  const last = to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (to !== '' && Number(to) < first) return null;
  return first < size ? { first, last } : 'unsatisfiable';
}

function suffix(length: number, size: number): ByteRange | 'unsatisfiable' {
  return length === 0 || size === 0 ? 'unsatisfiable' : { first: Math.max(0, size - length), last: size - 1 };
}
