export { checkKey } from './broker-key.js';
export { kindOf } from './frames.js';
