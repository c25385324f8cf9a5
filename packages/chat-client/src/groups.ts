import type {
  CreateResult,
  DirectoryPosition,
  FileRef,
  GroupCommand,
  GroupSettings,
  InviteCommand,
  InviteEntry,
  InviteResult,
  Outline,
  Role,
} from '@everywire/chat';
import { formatInviteLink, type InviteLink } from './invite-link.js';
import { mintId, mintSecret } from './mint-id.js';
import { pictureAddress } from './picture-address.js';
import type { RequestChannel } from './request-channel.js';

/**
 * Manages groups, channels and notes. All promises reject with `ChatFailure`; commands wait in the outbox while
 * offline.
 */
export interface Groups {
  /** Finds or creates the user's own notes, a conversation that has no other member. Returns its id. */
  notes(): Promise<number>;
  /** Creates a channel and returns its id. `join` determines whether it is listed for everyone to join. */
  createChannel(name: string, join: GroupSettings['join']): Promise<number>;
  /**
   * Sets a member's role. The role `owner` transfers the ownership of the group. Failures: `denied`, `not_found` (not a
   * member).
   */
  setRole(conversation: number, user: number, role: Role): Promise<void>;
  configure(conversation: number, settings: GroupSettings): Promise<void>;
  /**
   * Sets the picture to a file uploaded by `ChatClient.upload`; `null` removes it. Failures: `denied`, `not_found`,
   * `picture_unreadable`.
   */
  setPicture(conversation: number, file: FileRef | null): Promise<void>;
  /**
   * Deletes a group or channel for all members, for good. Only its owner and administrators may. Failures: `denied`.
   */
  delete(conversation: number): Promise<void>;
  /**
   * Creates an invite link. The link is returned only once, because the server stores only a hash of its secret.
   * `expiresAt`: milliseconds since the epoch. For both limits, `null` means no limit.
   */
  createInvite(
    conversation: number,
    limits: { readonly expiresAt: number | null; readonly usesMax: number | null },
  ): Promise<{ readonly invite: string; readonly link: string }>;
  revokeInvite(conversation: number, invite: string): Promise<void>;
  /** Lists invite links; admins only. */
  invites(conversation: number): Promise<readonly InviteEntry[]>;
  /**
   * Describes the conversation of a link. `picture` is an address; `null` if there is no picture or if the conversation
   * can only be joined by a link. Failures: `not_found`, `invite_ended`.
   */
  invitation(link: InviteLink): Promise<Outline>;
  /**
   * Joins by a link and returns the conversation. Failures: those of `invitation`, `denied` (the user was removed),
   * `too_many`.
   */
  join(link: InviteLink): Promise<number>;
  /** Lists groups and channels that anyone may join; `after` is `next` of the previous page, `null` for the first. */
  directory(
    query: string,
    after: DirectoryPosition | null,
  ): Promise<{ readonly groups: readonly Outline[]; readonly next: DirectoryPosition | null }>;
}

/** Replaces the file id of the picture by its address. */
function viewOutline(outline: Outline): Outline {
  return { ...outline, picture: pictureAddress(outline.picture) };
}

/** The part of `Engine` that this file uses. Not imported from there, because `Engine` depends on this file. */
interface Commands {
  readonly ask: RequestChannel['ask'];
  command(command: GroupCommand | InviteCommand): Promise<object>;
}

/** Creates the group interface of a client. */
export function createGroups(engine: Commands, url: string): Groups {
  const run = async (command: GroupCommand | InviteCommand): Promise<void> => void (await engine.command(command));
  const create = async (command: GroupCommand): Promise<number> =>
    ((await engine.command(command)) as CreateResult).conversation;
  return {
    notes: () => create({ command: 'createNotes', id: mintId() }),
    createChannel: (name, join) => create({ command: 'createChannel', id: mintId(), name, join }),
    setRole: (conversation, user, role) => run({ command: 'setRole', id: mintId(), conversation, user, role }),
    configure: (conversation, settings) => run({ command: 'configure', id: mintId(), conversation, settings }),
    setPicture: (conversation, file) =>
      run({ command: 'setPicture', id: mintId(), conversation, file: file?.id ?? null }),
    delete: (conversation) => run({ command: 'delete', id: mintId(), conversation }),
    createInvite: async (conversation, limits) => {
      const secret = mintSecret();
      const answer = await engine.command({ command: 'createInvite', id: mintId(), conversation, secret, ...limits });
      const { invite } = answer as InviteResult;
      return { invite, link: formatInviteLink(url, { conversation, secret }) };
    },
    revokeInvite: (conversation, invite) => run({ command: 'revokeInvite', id: mintId(), conversation, invite }),
    invites: async (conversation) => (await engine.ask({ command: 'invites', conversation })).invites,
    invitation: async (link) => viewOutline(await engine.ask({ command: 'invitation', ...link })),
    join: async (link) => {
      await run({ command: 'join', id: mintId(), ...link });
      return link.conversation;
    },
    directory: async (query, after) => {
      const { groups, next } = await engine.ask({ command: 'directory', query, after });
      return { groups: groups.map(viewOutline), next };
    },
  };
}
