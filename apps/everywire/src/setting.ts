import Type, { type Static, type TSchema } from 'typebox';

/** A setting. Its name is the same in the environment and in the configuration file. */
export interface Setting<Schema extends TSchema = TSchema> {
  readonly schema: Schema;
  readonly fallback: Static<Schema>;
  /** The accepted values, as shown in errors and in the guide. */
  readonly takes: string;
  readonly about: string;
  /** Whether the value must not appear in an error. */
  readonly secret?: true;
}

/** Creates a setting from its schema, default value, accepted values in words, and description. */
export function setting<Schema extends TSchema>(
  schema: Schema,
  fallback: Static<Schema>,
  takes: string,
  about: string,
): Setting<Schema> {
  return { schema, fallback, takes, about };
}

/** Creates a setting that takes a whole number from `minimum` to `maximum`. */
export function wholeNumber(
  minimum: number,
  maximum: number,
  fallback: number,
  about: string,
): Setting<ReturnType<typeof Type.Integer>> {
  return setting(Type.Integer({ minimum, maximum }), fallback, `a whole number from ${minimum} to ${maximum}`, about);
}
