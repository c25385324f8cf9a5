import type { ChatErrorCode, Request } from '@everywire/chat';
import { isWellFormed } from '@everywire/chat/internal';
import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { requestSchemas } from './command-schemas.js';
import { nestsTooDeep } from './json-depth.js';

/** The result of `parseRequest`. */
export type ParsedRequest =
  | { readonly outcome: 'request'; readonly request: Request }
  /** `i` is -1 if it could not be read. */
  | { readonly outcome: 'refused'; readonly i: number; readonly code: ChatErrorCode };

const schemas: ReadonlyMap<string, TSchema> = new Map(Object.entries<TSchema>(requestSchemas));
/** Matches an escaped surrogate. Only a text with one can have a lone surrogate, so all others need no further check. */
const escapedSurrogate = /\\u[dD][89a-fA-F]/;
/** Compiled at the first request of each kind, so that the start does not pay for all of them. */
const validators = new Map<string, Validator>();

function validatorOf(command: string): Validator | undefined {
  const schema = schemas.get(command);
  const known = validators.get(command);
  if (schema === undefined || known !== undefined) return known;
  const compiled = Compile(schema);
  validators.set(command, compiled);
  return compiled;
}

/** Parses a message of a session. Never throws. */
export function parseRequest(data: string | Uint8Array, charactersMax: number): ParsedRequest {
  if (typeof data !== 'string') return { outcome: 'refused', i: -1, code: 'invalid' };
  if (data.length > charactersMax) return { outcome: 'refused', i: -1, code: 'too_long' };
  if (nestsTooDeep(data)) return { outcome: 'refused', i: -1, code: 'invalid' };
  const value = parseJson(data);
  if (typeof value !== 'object' || value === null) return { outcome: 'refused', i: -1, code: 'invalid' };
  const { i, command } = value as { readonly i?: unknown; readonly command?: unknown };
  const answered = typeof i === 'number' && Number.isSafeInteger(i) && i >= 0 ? i : -1;
  const validator = typeof command === 'string' ? validatorOf(command) : undefined;
  const isRequest = validator?.Check(value) === true && (!escapedSurrogate.test(data) || isWellFormed(value));
  if (!isRequest) return { outcome: 'refused', i: answered, code: 'invalid' };
  return { outcome: 'request', request: value as Request };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Malformed JSON is expected from clients; the caller refuses it like any other invalid request.
    return undefined;
  }
}
