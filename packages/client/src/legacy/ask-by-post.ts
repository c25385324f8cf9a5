export { askByPost } from './xhr.js';
