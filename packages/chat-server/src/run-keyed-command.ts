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

/** Plans, commits, tells, answers: in this order, so that what is acknowledged is committed (CH-1). */
export async function runKeyedCommand(
  asker: Asker,
  command: KeyedCommand,
  dependencies: CommandDependencies,
): Promise<RequestOutcome> {
  const { store, hints, sight, limits } = dependencies;
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
  // Everything above waits; the change is decided by the accounts as they are when it is committed.
  const active = [actor, ...activePeople(command, people)];
  const change = await store.change({ target, needs, decide, key, active });
  if (change.outcome === 'refused') return change;
  if (change.outcome === 'committed') {
    hints.tell(change.tell, actor);
    // Not for a repeated command: the block may have been lifted since.
    await sight.narrow(actor, command);
  }
  return { outcome: 'ok', body: { ...change.result, epoch: change.epoch } };
}

/** Those with whom something new begins. Somebody who is inactive already is decided on where the key is known (CH-18). */
function activePeople(command: KeyedCommand, people: readonly User[]): readonly UserId[] {
  if (command.command === 'block') return [];
  return people.filter(({ state }) => state === 'active').map(({ id }) => id);
}

/** Whose link lets nobody in, and to whom a group does not pass. */
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
  // A wrong secret is answered without a look at anybody's account.
  if (invitation.outcome !== 'invitation' || invitation.creator === null) return {};
  const [creator] = await accounts.users([invitation.creator]);
  return creator?.state === 'suspended' ? { suspended: [creator.id] } : {};
}

/** Of those to whom a command gives a role. A guest may have an account by the time of the commit; then the command is asked again. */
async function findGuests(command: KeyedCommand, { accounts }: CommandDependencies): Promise<readonly UserId[]> {
  if (command.command !== 'setRole') return [];
  const people = await accounts.users([command.user]);
  return people.filter(({ role }) => role === 'guest').map(({ id }) => id);
}

async function isAdministrator(actor: UserId, { accounts }: CommandDependencies): Promise<boolean> {
  const [user] = await accounts.users([actor]);
  return user?.role === 'administrator';
}

/** Only the hash of a secret is ever kept. `null` for a command without one. */
function hashOfSecret(command: KeyedCommand): string | null {
  return 'secret' in command && command.secret !== null ? hashSecret(command.secret) : null;
}

/** What the actor may read of it now; whether that matters is decided where the key is known (CH-18). */
async function readForwarded(actor: UserId, { from, message }: Forward, store: Store): Promise<Message | null> {
  const answer = await store.messages(actor, from, [message]);
  return answer.outcome === 'messages' ? (answer.rows[0] ?? null) : null;
}

/** In the order they were named; `null` where one is missing, which is decided on where the key is known (CH-18). */
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

/** People are kept apart from conversations, so the store cannot see whether those who are named exist; `null` where one does not. */
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
