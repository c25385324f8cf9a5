import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';

type Json = Readonly<Record<string, unknown>>;

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

interface Answer {
  readonly $ref?: string;
  readonly description?: string;
  readonly 'x-error-codes'?: readonly string[];
  readonly headers?: Readonly<Record<string, { readonly schema: Json }>>;
  readonly content?: Readonly<Record<string, { readonly schema: Json }>>;
}

const ajv = new Ajv2020({ strict: false, validateFormats: false });
/** As the OpenAPI initiative publishes it: https://spec.openapis.org/oas/3.1/schema/2026-08-03. */
const published = ajv.compile(JSON.parse(readFileSync(join(import.meta.dirname, 'openapi-3.1.json'), 'utf8')) as Json);

/** `/api/openapi.json` as somebody else's program reads it. */
export class OpenApiDocument {
  readonly #document: Json;
  readonly #checks = new Map<string, ReturnType<typeof ajv.compile>>();
  readonly #paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;

  constructor(document: Json) {
    this.#document = document;
    this.#paths = document['paths'] as Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  }

  /** `GET /api/files/:id` and so on, with what is said of each. */
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

  /** What a reference of this document stands for. */
  resolve(reference: string): Json {
    const parts = reference.replace(/^#\//, '').split('/');
    return parts.reduce<Json>((node, part) => node[part] as Json, this.#document);
  }

  /** Where a value is not of a schema of this document. */
  valueFaults(schema: Json, value: unknown): readonly string[] {
    const whole = { components: this.#document['components'], allOf: [schema] };
    const key = JSON.stringify(schema);
    const check = this.#checks.get(key) ?? ajv.compile(whole);
    this.#checks.set(key, check);
    return check(value) ? [] : [ajv.errorsText(check.errors)];
  }

  /** `GET /api/files/:id` and so on. */
  get routes(): readonly string[] {
    return Object.entries(this.#paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
    );
  }

  /** Where it is no OpenAPI 3.1, or a schema in it is no JSON Schema. */
  faults(): readonly string[] {
    published(this.#document);
    const shape = (published.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
    const schemas = schemasIn(this.#document).flatMap((schema) =>
      ajv.validateSchema(schema) ? [] : [ajv.errorsText()],
    );
    return [...shape, ...schemas];
  }

  /** Where an answer is not what is told of it. */
  async answerFaults(route: string, answer: Response): Promise<readonly string[]> {
    const listed = this.#operation(route)?.responses[String(answer.status)];
    const told = listed?.$ref === undefined ? listed : (this.resolve(listed.$ref) as Answer);
    if (told === undefined) return [`${answer.status} is not told of`];
    const missing = Object.entries(told.headers ?? {}).flatMap(([name, { schema }]) => {
      const value = answer.headers.get(name);
      return value !== null && ajv.validate(schema, value) ? [] : [`${name}: ${value}`];
    });
    return [...missing, ...(await this.#bodyFaults(told, answer))];
  }

  async #bodyFaults({ content, 'x-error-codes': codes }: Answer, answer: Response): Promise<readonly string[]> {
    const bytes = await answer.arrayBuffer();
    if (content === undefined) return bytes.byteLength === 0 ? [] : ['a body is not told of'];
    const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
    const schema = (content[type] ?? content['*/*'])?.schema;
    if (schema === undefined) return [`the type ${type} is not told of`];
    if (type !== 'application/json' || content['*/*'] !== undefined) return [];
    const body: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const { code } = body as { readonly code?: string };
    const other = codes !== undefined && !codes.includes(code ?? '') ? [`the code ${code} is not told of`] : [];
    return [...other, ...this.valueFaults(schema, body)];
  }
}

function schemasIn(part: unknown): readonly Json[] {
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([name, value]) => (name === 'schema' ? [value as Json] : schemasIn(value)));
}
