import { lazyComponent } from '../app/lazy-component.js';

/** Dialogs and menus of the details, loaded on demand. */
export const addPeopleDialog = lazyComponent(() =>
  import('../people/add-people-dialog.js').then((module) => module.AddPeopleDialog),
);
/** The question before a step that cannot be undone. */
export const confirmDialog = lazyComponent(() => import('./confirm-dialog.js').then((module) => module.ConfirmDialog));
/** The settings of a group or channel. */
export const groupSettingsDialog = lazyComponent(() =>
  import('./group-settings-dialog.js').then((module) => module.GroupSettingsDialog),
);
/** The profile of a person. */
export const profileDialog = lazyComponent(() =>
  import('../people/profile-dialog.js').then((module) => module.ProfileDialog),
);
/** The menu of a member: message, role, removal. */
export const memberMenu = lazyComponent(() => import('./member-menu.js').then((module) => module.MemberMenu));
