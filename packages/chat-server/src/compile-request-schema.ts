import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';

/**
 * Nothing is converted, defaulted or removed: a request has the shape that is written down, or is refused. Compiled with the first request of
 * its kind, so that a start does not pay for all of them.
 */
export const compileRequestSchema: FastifySchemaCompiler<TSchema> = ({ schema }) => {
  let validator: Validator | null = null;
  return (value: unknown) => {
    validator ??= Compile(schema);
    if (validator.Check(value)) return { value };
    const first = validator.Errors(value)[0];
    return { error: new Error(first === undefined ? 'invalid' : `${first.instancePath || '/'} ${first.message}`) };
  };
};
