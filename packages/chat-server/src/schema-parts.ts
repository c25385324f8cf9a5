import Type, { type TInteger, type TNull, type TObject, type TProperties, type TSchema, type TUnion } from 'typebox';

/* What every schema of the chat server is made of. */

/** Nothing besides what is named. */
export function exactly<Properties extends TProperties>(
  properties: Properties,
  description?: string,
): TObject<Properties> {
  return Type.Object(properties, {
    additionalProperties: false,
    ...(description === undefined ? {} : { description }),
  });
}

export function nullable<Schema extends TSchema>(schema: Schema): TUnion<[Schema, TNull]> {
  return Type.Union([schema, Type.Null()]);
}

export function whole(minimum: number, description?: string): TInteger {
  const of = description === undefined ? {} : { description };
  return Type.Integer({ minimum, maximum: Number.MAX_SAFE_INTEGER, ...of });
}

export function hexDigits(digits: number) {
  return Type.String({ pattern: `^[0-9a-f]{${digits}}$` });
}
