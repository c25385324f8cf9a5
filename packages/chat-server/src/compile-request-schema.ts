import { isWellFormed } from '@everywire/chat/internal';
import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';

/**
 * Compiles a request schema to a validator. The validator does not convert values, fill in defaults or remove
 * properties: a request either matches its schema or is refused. The schema is compiled at the first request, which
 * makes the start faster.
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
    // An additional property is checked against the schema that nothing matches.
    const message = first.keyword === 'boolean' ? 'must not be there' : first.message;
    return { error: new Error(`${first.instancePath || '/'} ${message}`) };
  };
};
