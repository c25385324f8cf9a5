// Any script of the origin can write to these channels. Tabs ignore messages of other types.

/**
 * Message on the channel of the whole group: a tab asks for the hub, or a hub announces its number. Of two hubs, the higher
 * number leads. The number is a positive safe integer.
 */
export type GroupMessage = 'ask' | number;

/** Message to a hub on its own channel, preceded by the name of the tab. Each tab numbers its sockets. */
export type TabMessage =
  | 'ping'
  | {
      readonly socket: number;
      readonly open?: readonly [url: string, protocols: readonly string[]];
      readonly data?: string | ArrayBuffer;
      readonly close?: true;
    };

/** Message to a tab on its own channel. */
export type HubMessage =
  | 'pong'
  | {
      readonly socket: number;
      readonly opened?: string;
      readonly data?: string | ArrayBuffer;
      readonly ended?: boolean;
      readonly alone?: true;
    };

/** Returns the name of a hub's channel. */
export const hubChannel = (group: string, hub: number): string => `${group} hub ${hub}`;
/** Returns the name of a tab's channel, and of the lock that the tab holds while it lives. */
export const tabChannel = (group: string, tab: string): string => `${group} tab ${tab}`;
