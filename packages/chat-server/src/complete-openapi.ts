import { chatErrorCodes, errorSentence, type RestErrorCode } from '@everywire/chat';
import type { TSchema } from 'typebox';
import { invitation } from './admission-schemas.js';
import * as log from './log-schemas.js';
import { describeOperation, tags } from './openapi-operations.js';
import { person } from './rest-schemas.js';

type Json = Readonly<Record<string, unknown>>;
type Operation = Json & { readonly responses: Readonly<Record<string, Json>> };

/** Schemas that many operations share, by the type names in generated clients. */
const shared: Readonly<Record<string, TSchema>> = {
  Person: person,
  Invitation: invitation,
  Message: log.messageRowSchema,
  Conversation: log.entry,
  File: log.fileRef,
  MessageName: log.messageName,
  Mentions: log.mentions,
  GroupSettings: log.settingsSchema,
  Receipt: log.receipt,
  Draft: log.draft,
  Head: log.head,
  TextBody: log.textBody,
  ListPosition: log.listPosition,
  SearchPosition: log.searchPositionSchema,
  DirectoryPosition: log.directoryPosition,
};

/** Responses of the HTTP parser to requests that reach no route. */
const unparsed = {
  408: 'The request was not complete in time.',
  431: 'The head of the request is longer than 16 kB.',
} as const;

/**
 * Completes the document of `@fastify/swagger` for client generators: adds an `operationId`, a tag and described
 * responses to each operation, moves shared schemas to `components.schemas`, and adds the responses of the HTTP parser.
 * `x-error-codes` of a refusal lists its possible values of `code`.
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
    servers: [{ url: '/', description: 'The server that returned this description.' }],
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

/** Returns whether the response has the shape of all refusals. */
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
  // Upload routes describe their statuses themselves. The responses of other routes are described by their error codes.
  const description = own.startsWith(`${codes[0]}: `) ? codes.map((code) => `\`${code}\``).join(', ') : own;
  const { row } = (schemaOf(response)?.['properties'] ?? {}) as Readonly<Record<string, Json>>;
  const error = { $ref: '#/components/schemas/Error' };
  // With `edit_conflict`, the row is the current message.
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
  const meaning = Object.keys(chatErrorCodes).map(
    (code) => `- \`${code}\`: ${errorSentence(code as RestErrorCode, 'en')}`,
  );
  return {
    type: 'object',
    description: 'The body of every refusal.',
    required: ['code', 'retryable', 'text'],
    properties: {
      code: { enum: Object.keys(chatErrorCodes), description: meaning.join('\n') },
      retryable: { type: 'boolean', description: 'Whether the same request may succeed later.' },
      text: { type: 'string', description: 'For developers; with `invalid`, names the invalid part of the request.' },
      retryAfterMs: { type: 'integer', description: 'Milliseconds to wait, if known.' },
      row: { description: 'Only with `edit_conflict`: the current message.' },
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

/** Collects shared schemas by name while a document is traversed. */
class SharedSchemas {
  readonly #names = new Map(Object.entries(shared).map(([name, schema]) => [canonical(schema), name]));
  readonly #schemas = new Map<string, unknown>();

  all(): Json {
    return Object.fromEntries([...this.#schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Returns the schema with references. Shares objects and unions under `name`, unless they already have a name. */
  name(name: string, schema: Json): unknown {
    if (schema['properties'] === undefined && schema['anyOf'] === undefined) return this.pack(schema);
    const key = canonical(schema);
    const known = this.#names.get(key) ?? name;
    this.#names.set(key, known);
    return this.pack(schema);
  }

  /** Returns the schema with references to shared schemas. */
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

/**
 * Returns the same text for equivalent schemas, because the plugin writes constants as enumerations and reorders keys.
 */
function canonical(node: unknown): string {
  return JSON.stringify(node, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const { const: constant, ...rest } = value as Record<string, unknown>;
    const plain = constant === undefined ? rest : { ...rest, enum: [constant] };
    return Object.fromEntries(Object.entries(plain).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
