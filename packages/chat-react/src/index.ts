export { ClientContext, useChat, useClient } from './client-context.js';
export { type MembersView, useMembers } from './use-members.js';
export { usePresence } from './use-presence.js';
export { useRetryOnReconnect } from './use-retry-on-reconnect.js';
export { useOpenThread, useOpenTimeline, useTimelineSnapshot } from './use-timeline.js';
