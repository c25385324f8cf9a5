export { post } from './xhr.js';
