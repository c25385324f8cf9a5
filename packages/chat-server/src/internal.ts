export { requestSchemas } from './command-schemas.js';
