export { withoutTokens } from './bearer-token.js';
export { requestSchemas } from './command-schemas.js';
