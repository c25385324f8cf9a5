import { RestRefusal } from './error-codes.js';
import { isNameMisleading } from './name-script.js';
import { type NameLimits, parseDisplayName, parsePersonName } from './person-name.js';
import { isNameReserved, type NameChooser } from './reserved-names.js';

/**
 * The user name and the display name that a person chose for an account, both untrusted. Whether another account has the user name already is the store's
 * to say. @throws RestRefusal `name_invalid`, `name_misleading`, and `name_taken` for a reserved name.
 */
export function parseNewNames(
  chosen: { readonly name: string; readonly displayName: string },
  limits: NameLimits,
  by: NameChooser = 'anyone',
): { readonly name: string; readonly displayName: string } {
  const name = parsePersonName(chosen.name, limits);
  const displayName = parseDisplayName(chosen.displayName, limits);
  if (name === null || displayName === null) throw new RestRefusal('name_invalid');
  if (isNameMisleading(name)) throw new RestRefusal('name_misleading');
  if (isNameReserved(name, limits.reservedNames, by)) throw new RestRefusal('name_taken');
  return { name, displayName };
}
