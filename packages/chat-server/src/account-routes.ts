import type { User } from '@everywire/chat';
import { addressKey } from '@everywire/server/internal';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parseAuthorization } from './bearer-token.js';
import { RestRefusal } from './error-codes.js';
import type { ChatServerLimits } from './limits.js';
import type { Place, Reach } from './place.js';
import {
  logInRequest,
  logOutRequest,
  type MeAnswer,
  passwordRequest,
  registerRequest,
  type SignedInAnswer,
} from './rest-schemas.js';
import type { Caller, SignedIn, SignIn } from './sign-in.js';
import type { TypeBoxProvider } from './typebox-provider.js';

/** Registering, logging in and out, and what the log-in page needs to know about the place. */
export function addAccountRoutes(
  plainApp: FastifyInstance,
  options: {
    readonly signIn: SignIn;
    readonly place: Place;
    readonly tcpOf: () => Reach['tcp'];
    readonly limits: ChatServerLimits;
  },
): void {
  const app = plainApp.withTypeProvider<TypeBoxProvider>();
  const { signIn, place, tcpOf } = options;
  // Counted apart from all else, so that a flood of guesses does not lock those out who are already in.
  const guarded = { rateLimit: { max: options.limits.signInsPerMinute, groupId: 'sign-in' } };
  const config = { rateLimit: { groupId: 'rest' } };

  app.get('/api/server', { config }, async (): Promise<Place & Reach> => ({ ...place, tcp: tcpOf() }));

  app.post('/api/register', { schema: { body: registerRequest }, config: guarded }, async (request, reply) => {
    reply.code(201);
    return signedIn(await signIn.register(request.body));
  });

  app.post('/api/login', { schema: { body: logInRequest }, config: guarded }, async (request) =>
    signedIn(await signIn.logIn(request.body, addressKey(request.ip))),
  );

  app.post('/api/logout', { schema: { body: logOutRequest }, config }, async (request, reply) => {
    await signIn.logOut(await callerOf(signIn, request), request.body?.everywhere ?? false);
    return reply.code(204).send();
  });

  app.get(
    '/api/me',
    { config },
    async (request): Promise<MeAnswer> => ({ me: person((await callerOf(signIn, request)).user) }),
  );

  app.post('/api/password', { schema: { body: passwordRequest }, config: guarded }, async (request, reply) => {
    const caller = await callerOf(signIn, request);
    await signIn.changePassword(caller, request.body, addressKey(request.ip));
    return reply.code(204).send();
  });
}

async function callerOf(signIn: SignIn, request: FastifyRequest): Promise<Caller> {
  const caller = await signIn.authenticate(parseAuthorization(request.headers.authorization));
  if (caller === null) throw new RestRefusal('unauthenticated');
  return caller;
}

function signedIn(answer: SignedIn): SignedInAnswer {
  return { me: person(answer.user), token: answer.token };
}

function person(user: User): MeAnswer['me'] {
  return { id: user.id, name: user.name, displayName: user.displayName };
}
