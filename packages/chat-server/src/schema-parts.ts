import Type, { type TInteger, type TNull, type TObject, type TProperties, type TSchema, type TUnion } from 'typebox';

/* Parts of all schemas of the chat server. */

/** Returns an object schema without additional properties. */
export function exactly<Properties extends TProperties>(
  properties: Properties,
  description?: string,
): TObject<Properties> {
  return Type.Object(properties, {
    additionalProperties: false,
    ...(description === undefined ? {} : { description }),
  });
}

/** Returns a schema that also permits `null`. */
export function nullable<Schema extends TSchema>(schema: Schema): TUnion<[Schema, TNull]> {
  return Type.Union([schema, Type.Null()]);
}

/** Returns a schema of safe integers from `minimum`. */
export function whole(minimum: number, description?: string): TInteger {
  const of = description === undefined ? {} : { description };
  return Type.Integer({ minimum, maximum: Number.MAX_SAFE_INTEGER, ...of });
}

/** Returns a schema of lower-case hexadecimal strings of exactly this length. */
export function hexDigits(digits: number) {
  return Type.String({ pattern: `^[0-9a-f]{${digits}}$` });
}
