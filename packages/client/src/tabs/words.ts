// Any script of the origin can write to these channels. Tabs ignore what has not the type of a word.

/**
 * Through the channel of the whole group: a tab looks for the hub; or this is the hub, of two the one with the higher number. The number
 * is a positive safe integer.
 */
export type GroupWord = 'ask' | number;

/** To a hub, through a channel of its own, with the name of the tab in front. Sockets are numbered by their tab. */
export type TabWord =
  | 'ping'
  | {
      readonly socket: number;
      readonly open?: readonly [url: string, protocols: readonly string[]];
      readonly data?: string | ArrayBuffer;
      readonly close?: true;
    };

/** To a tab, through a channel of its own. */
export type HubWord =
  | 'pong'
  | {
      readonly socket: number;
      readonly opened?: string;
      readonly data?: string | ArrayBuffer;
      readonly ended?: boolean;
      readonly alone?: true;
    };

export const hubChannel = (group: string, hub: number): string => `${group} hub ${hub}`;
/** Also the name of the lock that the tab holds as long as it lives. */
export const tabChannel = (group: string, tab: string): string => `${group} tab ${tab}`;
