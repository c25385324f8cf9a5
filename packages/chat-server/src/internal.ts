export { withoutTokens } from './bearer-token.js';
export type { ChatServerServices } from './chat-server-services.js';
export { commandAnswerFaults } from './command-answers.js';
export { requestSchemas } from './command-schemas.js';
export { answerFaults, type RestRoute, refusalsOf } from './rest-route.js';
export { restRoutes } from './rest-routes.js';
export { mayGuest } from './rights.js';
