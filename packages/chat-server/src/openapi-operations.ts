/* How generated programs group and name the operations of the REST interface. */

/** By the first part of the path behind `/api/`. */
const tagOf: Readonly<Record<string, string>> = {
  ...{ register: 'signing in', login: 'signing in', logout: 'signing in', openid: 'signing in', reset: 'signing in' },
  ...{ password: 'account', email: 'account', 'second-factor': 'account', me: 'account', account: 'account' },
  ...{ device: 'account', devices: 'account' },
  ...{ link: 'invitations', setup: 'invitations', join: 'invitations', guest: 'invitations', upgrade: 'invitations' },
  invitations: 'invitations',
  ...{ settings: 'administration', counters: 'administration', people: 'administration' },
  ...{ server: 'place', 'openapi.json': 'place' },
  ...{ commands: 'commands', typing: 'live', presence: 'live', files: 'files' },
};

export const tags: readonly { readonly name: string; readonly description: string }[] = [
  { name: 'place', description: 'What this place is, for anybody.' },
  { name: 'signing in', description: 'Getting a token, and ending it.' },
  { name: 'invitations', description: 'Links that let people in.' },
  { name: 'account', description: "One's own profile, password, second factor and devices." },
  { name: 'administration', description: 'For administrators of the place.' },
  { name: 'commands', description: 'What a session can ask, one operation for each command.' },
  { name: 'live', description: 'What is so just now, without a session.' },
  { name: 'files', description: 'Uploads by the protocol tus 1.0.0, files, previews and pictures of people.' },
];

/** The tag and the unique name of an operation: a command's own name, else the method and the path, as in `patchPeopleByIdRole`. */
export function describeOperation(
  method: string,
  path: string,
): { readonly operationId: string; readonly tags: readonly string[] } {
  const [, , first = '', ...rest] = path.split('/');
  const tag = tagOf[first];
  if (tag === undefined) throw new Error(`The path ${path} has no tag.`);
  const words = [first, ...rest].flatMap((part) => part.replace(/^\{(\w+)\}$/, 'by-$1').split(/[^A-Za-z0-9]/));
  const operationId = first === 'commands' ? (rest[0] ?? '') : method + words.map(capitalised).join('');
  return { operationId, tags: [tag] };
}

function capitalised(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
