import { hash } from 'node:crypto';
import {
  commandText,
  type FileName,
  type FileRef,
  type Forward,
  type KeyedCommand,
  type Message,
  planCommand,
  type Store,
  type UserId,
} from '@everywire/chat';
import type { CommandDependencies } from './command-dependencies.js';
import { hashSecret } from './hash-secret.js';
import type { RequestOutcome } from './request-outcome.js';
import { presenceTopic } from './topics.js';

/** Plans, commits, tells, answers: in this order, so that what is acknowledged is committed (CH-1). */
export async function runKeyedCommand(
  actor: UserId,
  command: KeyedCommand,
  dependencies: CommandDependencies,
): Promise<RequestOutcome> {
  const { store, hints, limits } = dependencies;
  if (!(await doPeopleExist(command, dependencies))) return { outcome: 'refused', code: 'not_found' };
  const now = dependencies.wallNow();
  const forwarded = command.command === 'forward' ? await readForwarded(actor, command, store) : null;
  const files = await findFiles(actor, command, dependencies, now);
  const messageId = dependencies.newMessageId();
  const secretHash = hashOfSecret(command);
  const administrator = command.command === 'delete' && (await isAdministrator(actor, dependencies));
  const context = { actor, now, messageId, limits, forwarded, files, administrator };
  const plan = planCommand(command, secretHash === null ? context : { ...context, secretHash });
  if (plan.outcome === 'refused') return plan;
  const { target, needs, decide } = plan;
  const key = { user: actor, id: command.id, hash: hash('sha256', commandText(command), 'base64url'), at: now };
  const change = await store.change({ target, needs, decide, key });
  if (change.outcome === 'refused') return change;
  if (change.outcome === 'committed') hints.tell(change.tell);
  if (command.command === 'block' && command.blocked) hidePresence(actor, command.user, dependencies);
  return { outcome: 'ok', body: { ...change.result, epoch: change.epoch } };
}

async function isAdministrator(actor: UserId, { accounts }: CommandDependencies): Promise<boolean> {
  const [user] = await accounts.users([actor]);
  return user?.role === 'administrator';
}

/** Only the hash of a secret is ever kept. `null` for a command without one. */
function hashOfSecret(command: KeyedCommand): string | null {
  return 'secret' in command && command.secret !== null ? hashSecret(command.secret) : null;
}

/** Whoever is blocked is not told any more whether the other is there; those of their sessions on other nodes, from their next look on. */
function hidePresence(actor: UserId, blocked: UserId, { sessions }: CommandDependencies): void {
  for (const session of sessions.all()) if (session.user === blocked) session.wire.leave(presenceTopic(actor));
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

/** People are kept apart from conversations, so the store cannot see whether those who are named exist. */
async function doPeopleExist(command: KeyedCommand, { accounts }: CommandDependencies): Promise<boolean> {
  const named = peopleOf(command);
  if (named.length === 0) return true;
  return (await accounts.users(named)).length === named.length;
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
