/** A JSON schema in an OpenAPI document, with the parts that are used here. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

type Content = Readonly<Record<string, { readonly schema?: Schema }>>;

interface Header {
  readonly description?: string;
  readonly schema?: Schema;
}

interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly parameters?: readonly (Header & {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
  })[];
  readonly requestBody?: { readonly content?: Content };
  readonly responses?: Readonly<Record<string, Answer>>;
}

interface Answer {
  readonly description: string;
  readonly headers?: Readonly<Record<string, Header>>;
  readonly content?: Content;
}

/** An OpenAPI document, as far as the page uses it. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** Renders the REST documentation as plain HTML, from the OpenAPI document. */
export function renderRestPage(document: OpenApiDocument): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const list = operations.map(
    ({ path, method }) => `<li><a href="#${anchor(method, path)}"><b>${method}</b> ${text(path)}</a></li>`,
  );
  const sections = operations.map(({ path, method, operation }) => section(path, method, operation));
  const { title, version, description = '' } = document.info;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${text(title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/api/docs.css"></head>
<body><main><h1>${text(title)}</h1><p>${text(description)}</p>
<p>Version ${text(version)}. For programs: <a href="/api/openapi.json">/api/openapi.json</a>, OpenAPI ${text(document.openapi)}.</p>
<nav><ul>${list.join('')}</ul></nav>
${sections.join('\n')}
</main></body></html>
`;
}

function section(path: string, method: string, operation: Operation): string {
  const { summary = '', description, security, parameters = [], requestBody, responses = {} } = operation;
  const rows = parameters.map((one) => {
    const optional = one.required === true ? '' : ' (optional)';
    return `<tr><th>${code(one.name)}${optional}</th><td>${text(one.in)}: ${headerShape(one)}</td></tr>`;
  });
  const answers = Object.entries(responses).map(([status, one]) => `<dt>${text(status)}</dt><dd>${answer(one)}</dd>`);
  return `<section id="${anchor(method, path)}"><h2><b>${method}</b> ${text(path)}</h2>
<p>${text(summary)}. ${who(security)}</p>${description === undefined ? '' : `<p>${text(description)}</p>`}
${rows.length === 0 ? '' : `<h3>Parameters</h3><table>${rows.join('')}</table>`}
${requestBody === undefined ? '' : `<h3>Body</h3>${shapes(requestBody.content)}`}<h3>Answers</h3><dl>${answers.join('')}</dl></section>`;
}

function who(security: Operation['security']): string {
  if (security === undefined) return 'For anyone.';
  return security.length === 1 ? 'With a bearer token.' : 'With a bearer token, or the files cookie.';
}

function answer({ description, headers = {}, content }: Answer): string {
  const rows = Object.entries(headers).map(
    ([name, header]) => `<tr><th>${code(name)}</th><td>${headerShape(header)}</td></tr>`,
  );
  const body = content === undefined ? text(description) : shapes(content);
  return `${body}${rows.length === 0 ? '' : `<table>${rows.join('')}</table>`}`;
}

/** Most bodies are JSON, so only another type is named. */
function shapes(content: Content = {}): string {
  return Object.entries(content)
    .map(([type, { schema = {} }]) => (type === 'application/json' ? shape(schema) : `Bytes, ${code(type)}.`))
    .join(' or ');
}

function headerShape({ description = '', schema = {} }: Header): string {
  return shape({ ...schema, description });
}

function shape(schema: Schema): string {
  const said = schema.description === undefined ? '' : ` <span>${text(schema.description)}</span>`;
  if (schema.anyOf !== undefined) return `${schema.anyOf.map(shape).join(' or ')}${said}`;
  if (schema.enum !== undefined) return schema.enum.map((value) => code(JSON.stringify(value))).join(' or ') + said;
  if (schema.const !== undefined) return code(JSON.stringify(schema.const)) + said;
  if (schema.items !== undefined) return `a list of ${shape(schema.items)}${said}`;
  if (schema.properties === undefined) {
    const pattern = schema.pattern === undefined ? '' : ` ${code(schema.pattern)}`;
    return `${code(String(schema.type ?? 'anything'))}${pattern}${said}`;
  }
  const rows = Object.entries(schema.properties).map(([name, property]) => {
    const optional = schema.required?.includes(name) ? '' : ' (optional)';
    return `<tr><th>${code(name)}${optional}</th><td>${shape(property)}</td></tr>`;
  });
  return `${said}<table>${rows.join('')}</table>`;
}

function anchor(method: string, path: string): string {
  return text(`${method}${path}`.replace(/[^A-Za-z0-9]+/g, '-').toLowerCase());
}

function code(value: string): string {
  return `<code>${text(value)}</code>`;
}

function text(value: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return value.replace(/[&<>"]/g, (sign) => entities[sign] ?? sign);
}

/** The style sheet of the page. */
export const REST_PAGE_STYLE = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{margin:0}main{max-width:60rem;margin:0 auto;padding:1rem}
nav ul{columns:18rem;padding:0;list-style:none}section{border-top:1px solid #8886;margin-top:2rem}
h2{font-size:1.1rem}h3{font-size:1rem;margin:.5rem 0 0}code,h2,nav{font-family:ui-monospace,monospace}
table{border-collapse:collapse;width:100%}th,td{text-align:start;vertical-align:top;padding:.2rem .6rem;border:1px solid #8884}
th{font-weight:normal;white-space:nowrap}dt{font-weight:bold}dd{margin:0 0 .5rem 1rem}span{opacity:.8}
`;
