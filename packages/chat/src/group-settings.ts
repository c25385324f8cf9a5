/** The permissions in a group or channel that its admins can change; roles decide the rest (see `permission.ts`). */
export interface GroupSettings {
  /** `members`: everyone except readers. */
  readonly send: 'members' | 'admins';
  readonly add: 'members' | 'admins';
  readonly rename: 'members' | 'admins';
  /** `anyone`: listed in the directory and open without an invitation. */
  readonly join: 'invited' | 'anyone';
}

/** Settings of a new group. Also stored for other kinds of conversations, where they have no meaning. */
export const groupSettings: GroupSettings = { send: 'members', add: 'members', rename: 'members', join: 'invited' };

/** Settings of a new channel. Users who join are readers, so roles decide who can write. */
export const channelSettings: GroupSettings = { send: 'members', add: 'admins', rename: 'admins', join: 'invited' };

/** Returns whether all settings are equal. */
export function isSameSettings(a: GroupSettings, b: GroupSettings): boolean {
  return a.send === b.send && a.add === b.add && a.rename === b.rename && a.join === b.join;
}
