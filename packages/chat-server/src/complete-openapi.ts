import { errorCodes, errorSentence, type RestErrorCode } from '@everywire/chat';
import type { TSchema } from 'typebox';
import * as log from './log-schemas.js';
import { describeOperation, tags } from './openapi-operations.js';
import { invitation, person } from './rest-schemas.js';

type Json = Readonly<Record<string, unknown>>;
type Operation = Json & { readonly responses: Readonly<Record<string, Json>> };

/** Schemas that many operations share, by the names that generated programs give their types. */
const shared: Readonly<Record<string, TSchema>> = {
  ...{ Person: person, Invitation: invitation, Message: log.messageRow, Conversation: log.entry, File: log.fileRef },
  ...{ MessageName: log.messageName, Mentions: log.mentions, GroupSettings: log.settings, Receipt: log.receipt },
  ...{ Draft: log.draft, Head: log.head, TextBody: log.textBody, ListPosition: log.listPosition },
  ...{ SearchPosition: log.searchPosition, DirectoryPosition: log.directoryPosition },
};

/** Responses of the HTTP parser, which knows no route. */
const unparsed = {
  408: 'The request did not come to its end in time.',
  431: 'The head of the request is longer than 16 kB.',
} as const;

/**
 * Completes what `@fastify/swagger` made of the routes for programs that generate clients: an `operationId`, a tag and described responses for
 * each operation, schemas that are used more than once in `components.schemas`, and the responses that no route knows of. `x-error-codes` of a
 * refusal lists the values of `code` that it may have.
 */
export function completeOpenApi(document: Json): Json {
  const schemas = new SharedSchemas();
  const paths = Object.entries(document['paths'] as Readonly<Record<string, Readonly<Record<string, Operation>>>>).map(
    ([path, methods]) => {
      const operations = Object.entries(methods).map(([method, operation]) => [
        method,
        complete(method, path, operation, schemas),
      ]);
      return [path, Object.fromEntries(operations)];
    },
  );
  const components = document['components'] as Json;
  return {
    ...document,
    servers: [{ url: '/', description: 'The server that gave this description.' }],
    tags,
    components: { ...components, schemas: { ...schemas.all(), Error: errorSchema() }, responses: unparsedResponses() },
    paths: Object.fromEntries(paths),
  };
}

function complete(method: string, path: string, operation: Operation, schemas: SharedSchemas): Json {
  const described = describeOperation(method, path);
  const { operationId } = described;
  const responses = Object.entries(operation.responses).map(([status, response]) => [
    status,
    isRefusal(response) ? refusal(response, schemas) : success(status, response, `${operationId}Answer`, schemas),
  ]);
  const { requestBody, ...rest } = operation;
  return {
    ...described,
    ...rest,
    ...(requestBody !== undefined && { requestBody: nameBody(requestBody as Json, `${operationId}Request`, schemas) }),
    responses: {
      ...Object.fromEntries(responses),
      ...Object.fromEntries(
        Object.keys(unparsed).map((status) => [status, { $ref: `#/components/responses/${status}` }]),
      ),
    },
  };
}

function success(status: string, response: Json, name: string, schemas: SharedSchemas): Json {
  const { description } = response;
  const words = status === '201' ? 'It was created.' : 'The answer.';
  const described = description === 'Default Response' ? { ...response, description: words } : response;
  return nameBody(described, name, schemas);
}

/** Whether it has the one shape of all refusals. */
function isRefusal(response: Json): boolean {
  return codesOf(response).length > 0;
}

function schemaOf(response: Json): Json | undefined {
  const content = response['content'] as Readonly<Record<string, { readonly schema?: Json }>> | undefined;
  return content?.['application/json']?.schema;
}

function codesOf(response: Json): readonly RestErrorCode[] {
  const { code, retryable } = (schemaOf(response)?.['properties'] ?? {}) as Readonly<Record<string, Json>>;
  return retryable === undefined ? [] : ((code?.['enum'] ?? []) as readonly RestErrorCode[]);
}

function refusal(response: Json, schemas: SharedSchemas): Json {
  const codes = codesOf(response);
  const own = String(response['description']);
  // The protocol of uploads says what its own statuses mean; elsewhere the codes do.
  const description = own.startsWith(`${codes[0]}: `) ? codes.map((code) => `\`${code}\``).join(', ') : own;
  const { row } = (schemaOf(response)?.['properties'] ?? {}) as Readonly<Record<string, Json>>;
  const error = { $ref: '#/components/schemas/Error' };
  // With `edit_conflict` the message as it is.
  const schema = row === undefined ? error : { ...error, properties: { row: schemas.pack(row) } };
  return { description, 'x-error-codes': codes, content: { 'application/json': { schema } } };
}

function nameBody(body: Json, name: string, schemas: SharedSchemas): Json {
  const schema = schemaOf(body);
  if (schema === undefined) return body;
  const type = 'application/json';
  const content = { ...(body['content'] as Json), [type]: { schema: schemas.name(name, schema) } };
  return { ...body, content };
}

function errorSchema(): Json {
  const meaning = Object.keys(errorCodes).map((code) => `- \`${code}\`: ${errorSentence(code as RestErrorCode, 'en')}`);
  return {
    type: 'object',
    description: 'Every refusal.',
    required: ['code', 'retryable', 'text'],
    properties: {
      code: { enum: Object.keys(errorCodes), description: meaning.join('\n') },
      retryable: { type: 'boolean', description: 'Whether the same request may succeed later.' },
      text: { type: 'string', description: 'For developers; says which part of a request is meant by `invalid`.' },
      retryAfterMs: { type: 'integer', description: 'Milliseconds to wait, where that is known.' },
      row: { description: 'With `edit_conflict` alone: the message as it is.' },
    },
    additionalProperties: false,
  };
}

function unparsedResponses(): Json {
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } };
  const codes = { 408: ['invalid'], 431: ['too_long'] } as const;
  return Object.fromEntries(
    ([408, 431] as const).map((status) => [
      status,
      { description: unparsed[status], 'x-error-codes': codes[status], content },
    ]),
  );
}

/** Gathers schemas under names while a document is walked. */
class SharedSchemas {
  readonly #names = new Map(Object.entries(shared).map(([name, schema]) => [canonical(schema), name]));
  readonly #schemas = new Map<string, unknown>();

  all(): Json {
    return Object.fromEntries([...this.#schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** The schema by reference; objects and unions are kept under `name`, unless they have another one. */
  name(name: string, schema: Json): unknown {
    if (schema['properties'] === undefined && schema['anyOf'] === undefined) return this.pack(schema);
    const key = canonical(schema);
    const known = this.#names.get(key) ?? name;
    this.#names.set(key, known);
    return this.pack(schema);
  }

  /** The same with references to what is shared. */
  pack(node: unknown): unknown {
    if (Array.isArray(node)) return node.map((each) => this.pack(each));
    if (typeof node !== 'object' || node === null) return node;
    const name = this.#names.get(canonical(node));
    if (name === undefined) return this.#packParts(node);
    if (!this.#schemas.has(name)) {
      this.#schemas.set(name, null);
      this.#schemas.set(name, this.#packParts(node));
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  #packParts(node: object): Json {
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, this.pack(value)]));
  }
}

/** One text for schemas that say the same: the plugin writes a constant as an enumeration, and keys in an order of its own. */
function canonical(node: unknown): string {
  return JSON.stringify(node, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const { const: constant, ...rest } = value as Record<string, unknown>;
    const plain = constant === undefined ? rest : { ...rest, enum: [constant] };
    return Object.fromEntries(Object.entries(plain).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
