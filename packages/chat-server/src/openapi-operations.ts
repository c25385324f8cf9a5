/* How generated clients group and name the operations of the REST interface. */

/** Tags by the first part of the path after `/api/`. */
const tagOf: Readonly<Record<string, string>> = {
  register: 'signing in',
  login: 'signing in',
  logout: 'signing in',
  openid: 'signing in',
  reset: 'signing in',
  password: 'account',
  email: 'account',
  'second-factor': 'account',
  me: 'account',
  account: 'account',
  device: 'account',
  devices: 'account',
  link: 'invitations',
  'group-link': 'invitations',
  setup: 'invitations',
  join: 'invitations',
  guest: 'invitations',
  upgrade: 'invitations',
  invitations: 'invitations',
  settings: 'administration',
  counters: 'administration',
  people: 'administration',
  server: 'place',
  'openapi.json': 'place',
  commands: 'commands',
  typing: 'live',
  presence: 'live',
  files: 'files',
};

/** The groups of operations, in the order in which they are listed. */
export const tags: readonly { readonly name: string; readonly description: string }[] = [
  { name: 'place', description: 'Public information about this server.' },
  { name: 'signing in', description: 'Getting and revoking a token.' },
  { name: 'invitations', description: 'Links that admit users.' },
  { name: 'account', description: 'Your own profile, password, second factor and devices.' },
  { name: 'administration', description: 'For administrators.' },
  { name: 'commands', description: 'The commands of a session, one operation each.' },
  { name: 'live', description: 'Current activity, without a session.' },
  { name: 'files', description: 'Uploads by the protocol tus 1.0.0, files, previews and avatars.' },
];

/**
 * Returns the tag and the unique name of an operation: the command's name, otherwise method and path, as in
 * `patchPeopleByIdRole`.
 * @throws Error if the path has no tag
 */
export function describeOperation(
  method: string,
  path: string,
): { readonly operationId: string; readonly tags: readonly string[] } {
  const [, , first = '', ...rest] = path.split('/');
  const tag = tagOf[first];
  if (tag === undefined) throw new Error(`The path ${path} has no tag: add one to tagOf.`);
  const words = [first, ...rest].flatMap((part) => part.replace(/^\{(\w+)\}$/, 'by-$1').split(/[^A-Za-z0-9]/));
  const operationId = first === 'commands' ? (rest[0] ?? '') : method + words.map(capitalised).join('');
  return { operationId, tags: [tag] };
}

function capitalised(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
