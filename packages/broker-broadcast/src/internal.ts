export { decodeFrame } from './frames.js';
