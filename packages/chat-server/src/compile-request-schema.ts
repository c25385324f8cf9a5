import { isWellFormed } from '@everywire/chat/internal';
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
    if (validator.Check(value)) {
      return isWellFormed(value) ? { value } : { error: new Error('/ must not have a lone surrogate') };
    }
    const first = validator.Errors(value)[0];
    if (first === undefined) return { error: new Error('invalid') };
    // Of what is too much, the schema is the one that nothing passes.
    const message = first.keyword === 'boolean' ? 'must not be there' : first.message;
    return { error: new Error(`${first.instancePath || '/'} ${message}`) };
  };
};
