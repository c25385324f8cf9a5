/** Who may do what in a group or channel, as far as its admins decide it; the roles decide the rest (see `permission.ts`). */
export interface GroupSettings {
  /** `members`: everybody but readers. */
  readonly send: 'members' | 'admins';
  readonly add: 'members' | 'admins';
  readonly rename: 'members' | 'admins';
  /** `anyone`: listed for everybody, to be joined without an invitation. */
  readonly join: 'invited' | 'anyone';
}

/** Of a new group; and what a conversation of another kind carries, where they say nothing. */
export const groupSettings: GroupSettings = { send: 'members', add: 'members', rename: 'members', join: 'invited' };

/** Of a new channel: those who join are readers, so who writes is a matter of roles. */
export const channelSettings: GroupSettings = { send: 'members', add: 'admins', rename: 'admins', join: 'invited' };

export function isSameSettings(a: GroupSettings, b: GroupSettings): boolean {
  return a.send === b.send && a.add === b.add && a.rename === b.rename && a.join === b.join;
}
