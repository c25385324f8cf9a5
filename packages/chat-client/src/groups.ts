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

/** What only groups, channels and notes know. Every promise rejects with `ChatFailure`; each command waits in the outbox while offline. */
export interface Groups {
  /** One's own notes: made, or found. */
  notes(): Promise<number>;
  /** `join` says whether it is listed for everybody to join. */
  createChannel(name: string, join: GroupSettings['join']): Promise<number>;
  /** `owner` hands the group over. Failures: `denied`, `not_found` (not a member). */
  setRole(conversation: number, user: number, role: Role): Promise<void>;
  configure(conversation: number, settings: GroupSettings): Promise<void>;
  /** `file`: a picture that was uploaded by `ChatClient.upload`; `null` for none any more. Failures: `denied`, `not_found`, `picture_unreadable`. */
  setPicture(conversation: number, file: FileRef | null): Promise<void>;
  /** Ends a group or channel for everybody, for good; for its owner and the administrator. Failures: `denied`. */
  delete(conversation: number): Promise<void>;
  /** The link is shown this once: the server keeps a hash. Milliseconds since the epoch; `null` for no limit. */
  createInvite(
    conversation: number,
    limits: { readonly expiresAt: number | null; readonly usesMax: number | null },
  ): Promise<{ readonly invite: string; readonly link: string }>;
  revokeInvite(conversation: number, invite: string): Promise<void>;
  /** For admins. */
  invites(conversation: number): Promise<readonly InviteEntry[]>;
  /** What one would join; `picture` is an address, `null` for none and where only a link lets one in. Failures: `not_found`, `invite_ended`. */
  invitation(link: InviteLink): Promise<Outline>;
  /** Answers the conversation. Failures: also `denied` (one was removed), `too_many`. */
  join(link: InviteLink): Promise<number>;
  /** Groups and channels that anyone may join; `after` is the `next` of the page before, `null` at first and at the end. */
  directory(
    query: string,
    after: DirectoryPosition | null,
  ): Promise<{ readonly groups: readonly Outline[]; readonly next: DirectoryPosition | null }>;
}

/** With the address of its picture. */
function viewOutline(outline: Outline): Outline {
  return { ...outline, picture: pictureAddress(outline.picture) };
}

/** Of the engine, only what is used: it is built on the types of this client. */
interface Commands {
  readonly ask: RequestChannel['ask'];
  command(command: GroupCommand | InviteCommand): Promise<object>;
}

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
