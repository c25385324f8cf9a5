export { addressKey, plainAddress } from './addresses/remote-address.js';
