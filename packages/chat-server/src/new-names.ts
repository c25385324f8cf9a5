import { RestRefusal } from './error-codes.js';
import { isNameMisleading } from './name-script.js';
import { type NameLimits, parseDisplayName, parsePersonName } from './person-name.js';
import { isNameReserved, type NameChooser } from './reserved-names.js';

/**
 * Parses the untrusted user name and display name of an account. Does not check whether the user name is taken; the
 * store does.
 * @throws RestRefusal `name_invalid`, `name_misleading`, and `name_taken` for a reserved name
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
