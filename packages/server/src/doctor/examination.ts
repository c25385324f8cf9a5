/** A doctor's request to the server (TR-50). */
export interface Examination {
  readonly id: string;
  /** An id. The doctor asks how often a request with this id arrived, because a proxy may repeat requests. */
  readonly of?: string;
  /** The lines of the requested stream: the time of each, in milliseconds after the head, and its size in bytes. */
  readonly pieces?: readonly (readonly [ms: number, bytes: number])[];
}

const examinationLimits = {
  piecesMax: 8,
  pieceMsMax: 60_000,
  /** Minimum bytes of a line, for its content. */
  pieceBytesMin: 64,
  streamBytesMax: 32_768,
};

const ID = /^[\w-]{1,64}$/;

/**
 * Parses a body; returns `null` if it is malformed. Ignores unknown members, so that a doctor can send a body of any
 * length.
 */
export function parseExamination(body: string): Examination | null {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { id, of, pieces } = value as Record<string, unknown>;
  if (!isId(id) || !(of === undefined || isId(of))) return null;
  if (!(pieces === undefined || arePieces(pieces))) return null;
  return { id, ...(of !== undefined && { of }), ...(pieces !== undefined && { pieces }) };
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && ID.test(value);
}

function arePieces(value: unknown): value is (readonly [number, number])[] {
  const { piecesMax, pieceMsMax, pieceBytesMin, streamBytesMax } = examinationLimits;
  if (!Array.isArray(value) || value.length === 0 || value.length > piecesMax) return false;
  let before = 0;
  let total = 0;
  for (const piece of value) {
    if (!Array.isArray(piece) || piece.length !== 2) return false;
    const [ms, bytes] = piece;
    if (!Number.isInteger(ms) || ms < before || ms > pieceMsMax) return false;
    if (!Number.isInteger(bytes) || bytes < pieceBytesMin) return false;
    before = ms;
    total += bytes;
  }
  return total <= streamBytesMax;
}
