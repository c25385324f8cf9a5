import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';

/** Nothing is converted, defaulted or removed: a request has the shape that is written down, or is refused. */
export const compileRequestSchema: FastifySchemaCompiler<TSchema> = ({ schema }) => {
  const validator = Compile(schema);
  return (value: unknown) => {
    if (validator.Check(value)) return { value };
    const first = validator.Errors(value)[0];
    return { error: new Error(first === undefined ? 'invalid' : `${first.instancePath || '/'} ${first.message}`) };
  };
};
