export { addressKey, plainAddress } from './remote-address.js';
