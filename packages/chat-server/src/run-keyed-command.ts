import { hash } from 'node:crypto';
import {
  type CommandContext,
  commandText,
  type FileName,
  type FileRef,
  type Forward,
  type KeyedCommand,
  type Message,
  planCommand,
  type Store,
  type User,
  type UserId,
} from '@everywire/chat';
import type { CommandDependencies } from './command-dependencies.js';
import { findHeirsAvoided } from './find-heirs-avoided.js';
import { hashSecret } from './hash-secret.js';
import { type Asker, knownPeople } from './known-people.js';
import type { RequestOutcome } from './request-outcome.js';

/**
 * Runs a command that changes the store. Plans, commits, publishes and answers it, in this order, so that every
 * acknowledged command is committed (CH-1). `keyed`: the command has an id, so that a repeated one takes effect once.
 */
export async function runKeyedCommand(
  asker: Asker,
  command: KeyedCommand,
  dependencies: CommandDependencies,
): Promise<RequestOutcome> {
  const { store, hints, visibility, limits } = dependencies;
  const { user: actor } = asker;
  const people = await findPeople(asker, command, dependencies);
  if (people === null) return { outcome: 'refused', code: 'not_found' };
  const now = dependencies.wallNow();
  const forwarded = command.command === 'forward' ? await readForwarded(actor, command, store) : null;
  const files = await findFiles(actor, command, dependencies, now);
  const messageId = dependencies.newMessageId();
  const secretHash = hashOfSecret(command);
  const administrator = command.command === 'delete' && (await isAdministrator(actor, dependencies));
  const inactive = people.filter(({ state }) => state !== 'active').map(({ id }) => id);
  const passedOver = await findPassedOver(actor, command, { ...dependencies, secretHash, now });
  const guests = await findGuests(command, dependencies);
  const context = { actor, now, messageId, limits, forwarded, files, administrator, inactive, guests, ...passedOver };
  const plan = planCommand(command, secretHash === null ? context : { ...context, secretHash });
  if (plan.outcome === 'refused') return plan;
  const { target, needs, decide } = plan;
  const key = { user: actor, id: command.id, hash: hash('sha256', commandText(command), 'base64url'), at: now };
  // The steps above are asynchronous; the store checks again that these accounts are active when it commits.
  const active = [actor, ...activePeople(command, people)];
  const change = await store.change({ target, needs, decide, key, active });
  if (change.outcome === 'refused') return change;
  if (change.outcome === 'committed') {
    hints.announce(change.notices, actor);
    // Skipped for a repeated command, because its block may have been lifted since.
    await visibility.narrow(actor, command);
  }
  return { outcome: 'ok', body: { ...change.result, epoch: change.epoch } };
}

/**
 * Returns the users with whom a command starts something new. Leaves out users who are inactive already. The plan decides
 * about them, because only there a repeated command is recognised by its id and gets its first answer (CH-18).
 */
function activePeople(command: KeyedCommand, people: readonly User[]): readonly UserId[] {
  if (command.command === 'block') return [];
  return people.filter(({ state }) => state === 'active').map(({ id }) => id);
}

/**
 * Returns users whom the plan must pass over: the suspended creator of an invitation, whose link admits no user, and the
 * members who should not become the owner when the owner leaves.
 */
async function findPassedOver(
  actor: UserId,
  command: KeyedCommand,
  dependencies: CommandDependencies & { readonly secretHash: string | null; readonly now: number },
): Promise<Pick<CommandContext, 'suspended' | 'heirsAvoided'>> {
  if (command.command === 'leave')
    return { heirsAvoided: await findHeirsAvoided(actor, command.conversation, dependencies) };
  if (command.command !== 'join' || command.secret === null) return {};
  const { accounts, store, secretHash, now } = dependencies;
  const invitation = await store.invitation(command.conversation, secretHash, now);
  // A wrong secret is refused without reading any account.
  if (invitation.outcome !== 'invitation' || invitation.creator === null) return {};
  const [creator] = await accounts.users([invitation.creator]);
  return creator?.state === 'suspended' ? { suspended: [creator.id] } : {};
}

/**
 * Returns the guests to whom a command gives a role. A guest may get an account before the commit; the client then has
 * to retry.
 */
async function findGuests(command: KeyedCommand, { accounts }: CommandDependencies): Promise<readonly UserId[]> {
  if (command.command !== 'setRole') return [];
  const people = await accounts.users([command.user]);
  return people.filter(({ role }) => role === 'guest').map(({ id }) => id);
}

async function isAdministrator(actor: UserId, { accounts }: CommandDependencies): Promise<boolean> {
  const [user] = await accounts.users([actor]);
  return user?.role === 'administrator';
}

/** Returns the hash of a command's secret, the only form that is stored; `null` for a command without one. */
function hashOfSecret(command: KeyedCommand): string | null {
  return 'secret' in command && command.secret !== null ? hashSecret(command.secret) : null;
}

/**
 * Returns the message to forward; `null` if the actor may not read it now. The plan decides what that means (CH-18).
 */
async function readForwarded(actor: UserId, { from, message }: Forward, store: Store): Promise<Message | null> {
  const answer = await store.messages(actor, from, [message]);
  return answer.outcome === 'messages' ? (answer.rows[0] ?? null) : null;
}

/**
 * Returns the files that a command names, in order; `null` if one is missing or none is named. The plan decides what a
 * missing file means (CH-18).
 */
async function findFiles(
  actor: UserId,
  command: KeyedCommand,
  { files }: CommandDependencies,
  now: number,
): Promise<readonly FileRef[] | null> {
  const named = filesNamed(command);
  if (named.length === 0 || files === null) return null;
  const found = await files.attachableFiles(actor, named, now);
  return found.length === named.length ? found : null;
}

function filesNamed(command: KeyedCommand): readonly FileName[] {
  if (command.command === 'setPicture') return command.file === null ? [] : [command.file];
  return command.command === 'send' ? (command.files ?? []) : [];
}

/**
 * Returns the users that a command names; `null` if one does not exist. Needed because the store has conversations but
 * no accounts.
 */
async function findPeople(
  asker: Asker,
  command: KeyedCommand,
  dependencies: CommandDependencies,
): Promise<readonly User[] | null> {
  const named = peopleOf(command);
  if (named.length === 0) return [];
  const known = await knownPeople(asker, named, dependencies);
  const people = await dependencies.accounts.users([...known]);
  return people.length === named.length ? people : null;
}

function peopleOf(command: KeyedCommand): readonly UserId[] {
  switch (command.command) {
    case 'createDirect':
      return [command.peer];
    case 'block':
      return [command.user];
    case 'createGroup':
    case 'add':
      return [...new Set(command.users)];
    default:
      return [];
  }
}
