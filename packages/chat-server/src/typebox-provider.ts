import type { FastifySchemaCompiler, FastifyTypeProvider } from 'fastify';
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';

/** Gives a route handler the type of the schema that its request was checked against. */
export interface TypeBoxProvider extends FastifyTypeProvider {
  readonly validator: this['schema'] extends TSchema ? Static<this['schema']> : unknown;
  readonly serializer: this['schema'] extends TSchema ? Static<this['schema']> : unknown;
}

/** Nothing is converted, defaulted or removed: a request has the shape that is written down, or is refused. */
export const compileRequestSchema: FastifySchemaCompiler<TSchema> = ({ schema }) => {
  const validator = Compile(schema);
  return (value: unknown) => {
    if (validator.Check(value)) return { value };
    const first = validator.Errors(value)[0];
    return { error: new Error(first === undefined ? 'invalid' : `${first.instancePath || '/'} ${first.message}`) };
  };
};
