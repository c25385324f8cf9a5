import type { ErrorCode, Request } from '@everywire/chat';
import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { requestSchemas } from './command-schemas.js';

export type ParsedRequest =
  | { readonly outcome: 'request'; readonly request: Request }
  /** `i` is -1 where none could be read. */
  | { readonly outcome: 'refused'; readonly i: number; readonly code: ErrorCode };

const validators: ReadonlyMap<string, Validator> = new Map(
  Object.entries<TSchema>(requestSchemas).map(([command, schema]) => [command, Compile(schema)]),
);

/** Turns what came over a session into a request, or says why not. Never throws, whatever came. */
export function parseRequest(data: string | Uint8Array, charactersMax: number): ParsedRequest {
  if (typeof data !== 'string') return { outcome: 'refused', i: -1, code: 'invalid' };
  if (data.length > charactersMax) return { outcome: 'refused', i: -1, code: 'too_long' };
  const value = parseJson(data);
  if (typeof value !== 'object' || value === null) return { outcome: 'refused', i: -1, code: 'invalid' };
  const { i, command } = value as { readonly i?: unknown; readonly command?: unknown };
  const answered = typeof i === 'number' && Number.isSafeInteger(i) && i >= 0 ? i : -1;
  const validator = typeof command === 'string' ? validators.get(command) : undefined;
  if (validator === undefined || !validator.Check(value)) return { outcome: 'refused', i: answered, code: 'invalid' };
  return { outcome: 'request', request: value as Request };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is one of the shapes a peer can send; the caller answers it like any other wrong one.
    return undefined;
  }
}
