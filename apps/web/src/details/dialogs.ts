import { later } from '../app/later.js';

export const addPeopleDialog = later(() =>
  import('../people/add-people-dialog.js').then((module) => module.AddPeopleDialog),
);
export const confirmDialog = later(() => import('./confirm-dialog.js').then((module) => module.ConfirmDialog));
export const renameDialog = later(() => import('./rename-dialog.js').then((module) => module.RenameDialog));
