import { errorCodeOf, platformCodeOf } from '../transports/refusal-of.js';
import { type ExamineContext, within } from './examine-context.js';
import { randomId } from './random-id.js';

/**
 * Outcome of a request to the doctor's endpoint. The doctor examines the network path to the server. Its endpoint
 * reports which requests arrived. `ms`: milliseconds from the request to the outcome.
 */
export type ProbeAnswer =
  /**
   * Our server answered. `times`: how often this request arrived. `of`: how often the other request arrived that was
   * asked about; `undefined` if none was.
   */
  | {
      readonly kind: 'ours';
      readonly id: string;
      readonly times: number;
      readonly of: number | undefined;
      readonly ms: number;
    }
  /**
   * Something else answered, for example a proxy. `body`: the beginning of the answer. `code`: the code of an error in
   * our server's format; `undefined` for any other. `location`: the target of a redirect; empty if the browser hides
   * it.
   */
  | {
      readonly kind: 'other';
      readonly status: number;
      readonly code: string | undefined;
      readonly body: string;
      readonly type: string;
      readonly location: string | null;
      readonly ms: number;
    }
  /**
   * The request failed. `code`: the code of the platform, such as `ECONNREFUSED`; `undefined` in browsers, which give
   * none.
   */
  | { readonly kind: 'failed'; readonly code: string | undefined; readonly ms: number }
  /** No answer within the timeout. */
  | { readonly kind: 'late'; readonly ms: number };

/** Options of a request to the doctor's endpoint. */
export interface ProbeRequest {
  /** Minimum length of the request's body, in bytes. */
  readonly bytes?: number;
  /** Id of another request that the server is asked about. */
  readonly of?: string;
}

/** Maximum characters kept of an answer of something else; enough to recognise it. */
const FOREIGN_BYTES = 2_000;

/** Sends a request to the doctor's endpoint. Gives up after `ms` milliseconds. Never rejects. */
export function ask(context: ExamineContext, ms: number, { bytes = 0, of }: ProbeRequest = {}): Promise<ProbeAnswer> {
  const id = randomId();
  const body = JSON.stringify({ id, ...(of !== undefined && { of }), pad: '' });
  const text = `${body.slice(0, -2)}${' '.repeat(Math.max(0, bytes - body.length))}"}`;
  const begun = performance.now();
  return within(ms, context, async (signal) => {
    try {
      const response = await fetch(`${context.url}/doctor`, postOf(text, signal));
      return classify(response, await beginningOf(response), id, performance.now() - begun);
    } catch (error) {
      const took = performance.now() - begun;
      return signal.aborted ? { kind: 'late', ms: took } : { kind: 'failed', code: platformCodeOf(error), ms: took };
    }
  });
}

/**
 * Returns the outcome of a request that was answered. The answer is our server's only if it repeats the request's id.
 */
function classify(response: Response, body: string, id: string, ms: number): ProbeAnswer {
  const value = membersOf(body);
  if (value['t'] === 'doctor' && value['id'] === id)
    return { kind: 'ours', id, times: value['times'] as number, of: value['of'] as number | undefined, ms };
  return {
    kind: 'other',
    status: response.status,
    code: errorCodeOf(body),
    body,
    type: response.headers.get('content-type') ?? '',
    location: response.type === 'opaqueredirect' ? '' : response.headers.get('location'),
    ms,
  };
}

/**
 * Returns the options of a POST. A text needs no preflight request. Redirects are not followed, because the caller
 * reports them.
 */
export function postOf(body: string, signal: AbortSignal): RequestInit {
  return { method: 'POST', body, signal, cache: 'no-store', redirect: 'manual', credentials: 'omit' };
}

/** Returns the body of a response, or the first `FOREIGN_BYTES` characters of a longer one. */
async function beginningOf(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return '';
  const decoder = new TextDecoder();
  let text = '';
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text += decoder.decode(part.value, { stream: true });
    if (text.length < FOREIGN_BYTES) continue;
    void reader.cancel();
    return text.slice(0, FOREIGN_BYTES);
  }
  return text + decoder.decode();
}

/** Returns the members of a JSON object; none if the text is not one. */
function membersOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
