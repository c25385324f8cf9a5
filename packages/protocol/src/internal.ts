export { Message, messageFromBytes, messageFromText, messageFromUtf8 } from './message.js';
