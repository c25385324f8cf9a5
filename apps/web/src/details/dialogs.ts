import { lazyComponent } from '../app/lazy-component.js';

/** Dialogs and menus of the details, loaded on demand. */
export const addPeopleDialog = lazyComponent(() =>
  import('../people/add-people-dialog.js').then((module) => module.AddPeopleDialog),
);
export const confirmDialog = lazyComponent(() => import('./confirm-dialog.js').then((module) => module.ConfirmDialog));
export const groupSettingsDialog = lazyComponent(() =>
  import('./group-settings-dialog.js').then((module) => module.GroupSettingsDialog),
);
export const profileDialog = lazyComponent(() =>
  import('../people/profile-dialog.js').then((module) => module.ProfileDialog),
);
export const memberMenu = lazyComponent(() => import('./member-menu.js').then((module) => module.MemberMenu));
