import type { Profile } from '@everywire/chat';
import Type from 'typebox';

/** Strings are bounded generously here, for memory; their rules (and the codes that name them) are the sign-in's. */
const name = Type.String({ maxLength: 200 });
const password = Type.String({ maxLength: 1_024 });
const label = Type.Optional(Type.String({ maxLength: 400 }));
const exact = { additionalProperties: false } as const;

export const registerRequest = Type.Object(
  { name, displayName: Type.Optional(Type.String({ maxLength: 400 })), password, label },
  exact,
);

export const logInRequest = Type.Object({ name, password, label }, exact);

export const logOutRequest = Type.Union([
  Type.Null(),
  Type.Object({ everywhere: Type.Optional(Type.Boolean()) }, exact),
]);

export const passwordRequest = Type.Object({ current: password, next: password }, exact);

export interface SignedInAnswer {
  readonly me: Profile;
  readonly token: string;
}

export interface MeAnswer {
  readonly me: Profile;
}
