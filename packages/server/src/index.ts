export type { Broker, Publication } from './broker.js';
export { defaultServerLimits, type ServerLimits } from './limits.js';
export type { Claims, TopicClass, WireSession } from './wire-session.js';
