import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';

/** Any JSON object. */
type Json = Readonly<Record<string, unknown>>;

/** The description of one route in an OpenAPI document. */
export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly security?: readonly Json[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly schema: Json;
    readonly required?: boolean;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Json }>> };
  readonly responses: Readonly<Record<string, Answer>>;
}

/** The description of one answer. `$ref` points to a shared description instead. */
interface Answer {
  readonly $ref?: string;
  readonly description?: string;
  readonly 'x-error-codes'?: readonly string[];
  readonly headers?: Readonly<Record<string, { readonly schema: Json }>>;
  readonly content?: Readonly<Record<string, { readonly schema: Json }>>;
}

const ajv = new Ajv2020({ strict: false, validateFormats: false });
/** The schema as published by the OpenAPI Initiative: https://spec.openapis.org/oas/3.1/schema/2026-08-03. */
const published = ajv.compile(JSON.parse(readFileSync(join(import.meta.dirname, 'openapi-3.1.json'), 'utf8')) as Json);

/**
 * Reads the server's own description of its REST interface, `/api/openapi.json`, as a third-party program would. The
 * methods whose names contain `Faults` return a line for each error, or an empty list.
 */
export class OpenApiDocument {
  readonly #document: Json;
  readonly #checks = new Map<string, ReturnType<typeof ajv.compile>>();
  readonly #paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;

  constructor(document: Json) {
    this.#document = document;
    this.#paths = document['paths'] as Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  }

  /** The operations by route, such as `GET /api/files/:id`. */
  get operations(): ReadonlyMap<string, Operation> {
    return new Map(
      this.routes
        .map((route) => [route, this.#operation(route)] as const)
        .filter((each): each is [string, Operation] => each[1] !== undefined),
    );
  }

  #operation(route: string): Operation | undefined {
    const [method = '', path = ''] = route.split(' ');
    return this.#paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
  }

  /** Returns the value that a reference of this document points to. */
  resolve(reference: string): Json {
    const parts = reference.replace(/^#\//, '').split('/');
    return parts.reduce<Json>((node, part) => node[part] as Json, this.#document);
  }

  /** Returns where a value violates a schema of this document. */
  valueFaults(schema: Json, value: unknown): readonly string[] {
    const whole = { components: this.#document['components'], allOf: [schema] };
    const key = JSON.stringify(schema);
    const check = this.#checks.get(key) ?? ajv.compile(whole);
    this.#checks.set(key, check);
    return check(value) ? [] : [ajv.errorsText(check.errors)];
  }

  /** The routes, such as `GET /api/files/:id`. */
  get routes(): readonly string[] {
    return Object.entries(this.#paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
    );
  }

  /** Returns where the document is not OpenAPI 3.1, or a schema in it is not JSON Schema. */
  faults(): readonly string[] {
    published(this.#document);
    const shape = (published.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
    const schemas = schemasIn(this.#document).flatMap((schema) =>
      ajv.validateSchema(schema) ? [] : [ajv.errorsText()],
    );
    return [...shape, ...schemas];
  }

  /** Returns where an answer differs from its description. */
  async answerFaults(route: string, answer: Response): Promise<readonly string[]> {
    const listed = this.#operation(route)?.responses[String(answer.status)];
    const described = listed?.$ref === undefined ? listed : (this.resolve(listed.$ref) as Answer);
    if (described === undefined) return [`${answer.status} is not described`];
    const missing = Object.entries(described.headers ?? {}).flatMap(([name, { schema }]) => {
      const value = answer.headers.get(name);
      return value !== null && ajv.validate(schema, value) ? [] : [`${name}: ${value}`];
    });
    return [...missing, ...(await this.#bodyFaults(described, answer))];
  }

  async #bodyFaults({ content, 'x-error-codes': codes }: Answer, answer: Response): Promise<readonly string[]> {
    const bytes = await answer.arrayBuffer();
    if (content === undefined) return bytes.byteLength === 0 ? [] : ['the body is not described'];
    const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
    const schema = (content[type] ?? content['*/*'])?.schema;
    if (schema === undefined) return [`the type ${type} is not described`];
    if (type !== 'application/json' || content['*/*'] !== undefined) return [];
    const body: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const { code } = body as { readonly code?: string };
    const other = codes !== undefined && !codes.includes(code ?? '') ? [`the code ${code} is not described`] : [];
    return [...other, ...this.valueFaults(schema, body)];
  }
}

/** Returns all schemas in a part of the document. */
function schemasIn(part: unknown): readonly Json[] {
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([name, value]) => (name === 'schema' ? [value as Json] : schemasIn(value)));
}
