export { addressKey, plainAddress } from './addresses/remote-address.js';
export { letAnswerBeRead } from './http/let-answer-be-read.js';
