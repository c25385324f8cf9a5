import { later } from '../app/later.js';

export const addPeopleDialog = later(() =>
  import('../people/add-people-dialog.js').then((module) => module.AddPeopleDialog),
);
export const confirmDialog = later(() => import('./confirm-dialog.js').then((module) => module.ConfirmDialog));
export const groupSettingsDialog = later(() =>
  import('./group-settings-dialog.js').then((module) => module.GroupSettingsDialog),
);
export const profileDialog = later(() => import('../people/profile-dialog.js').then((module) => module.ProfileDialog));
export const memberMenu = later(() => import('./member-menu.js').then((module) => module.MemberMenu));
