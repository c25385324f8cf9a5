import type { GroupSettings } from './group-settings.js';
import type { CommandId, ConversationId, MessageId, MessageName, Role, UserId } from './model.js';

/** The content of a service message. Each is a separate message, so that the sequence orders membership and names (CH-6). */
export type ServiceChange =
  /**
   * `users`: the initial members of a group other than its creator; absent if there are none, and in groups older than this
   * field.
   */
  | { readonly change: 'created'; readonly users?: readonly UserId[] }
  | { readonly change: 'added'; readonly users: readonly UserId[] }
  | { readonly change: 'removed'; readonly users: readonly UserId[] }
  | { readonly change: 'joined' }
  /** `owner`: the new owner, if the owner left. */
  | { readonly change: 'left'; readonly owner?: UserId }
  /** The role `owner` transfers the group from the sender, who becomes an admin. */
  | { readonly change: 'role'; readonly user: UserId; readonly role: Role }
  | { readonly change: 'settings'; readonly settings: GroupSettings }
  | { readonly change: 'renamed'; readonly name: string }
  /** `null` restores the generated picture. */
  | { readonly change: 'picture'; readonly picture: string | null }
  /** The last message of a conversation. */
  | { readonly change: 'deleted' };

/** The content of a message. `recalled`: emptied for everyone, by its sender or an admin, and no longer unread (CH-19). */
export type MessageBody = TextBody | ServiceBody | RecalledBody;

/** A text with optional files. */
export interface TextBody {
  readonly kind: 'text';
  /** May be empty if there are files. */
  readonly text: string;
  /** Absent if there are none. */
  readonly files?: readonly FileRef[];
}

interface ServiceBody {
  readonly kind: 'service';
  readonly service: ServiceChange;
}

interface RecalledBody {
  readonly kind: 'recalled';
  readonly by: UserId;
}

/** How a client presents a file: displayed, played, or only offered as a download. */
export type FileKind = 'image' | 'video' | 'audio' | 'file';

/** A file attached to a text. `Files` has its bytes; this has the data to present it before they are loaded. */
export interface FileRef {
  /** 32 lower-case hex digits. */
  readonly id: string;
  /** The name that its sender gave, without a path; does not determine its type. */
  readonly name: string;
  readonly kind: FileKind;
  /** The media type, detected from its content; `application/octet-stream` if unknown. */
  readonly type: string;
  /** Bytes. */
  readonly size: number;
  /** For an image: its size before it is loaded, and a ThumbHash in base64 as a placeholder. It has a preview. */
  readonly picture?: { readonly width: number; readonly height: number; readonly placeholder: string };
}

/** The users whom a message mentions, without those who were not members then (CH-20). */
export interface Mentions {
  readonly users: readonly UserId[];
  /** Whether all members are mentioned. */
  readonly all: boolean;
}

/** Users who set an emoji on a message, in that order; never empty. The viewer finds out whether it includes their own (CH-7). */
export interface Reaction {
  readonly emoji: string;
  readonly users: readonly UserId[];
}

/**
 * The optional parts of a message apart from its body. None depends on the viewer. Absent if there is none: most messages have
 * none, and rows stored by older programs remain valid.
 */
export interface MessageMarks {
  /** A message of the same conversation; its text is read within the viewer's ranges and never copied (CH-22). */
  readonly quote?: MessageName;
  readonly mentions?: Mentions;
  /** For a reply: the root's sequence, and the reply's number in the thread, from 1 (CH-21). */
  readonly thread?: { readonly root: number; readonly ordinal: number };
  /** For a forwarded text: its original author, and when it was sent. */
  readonly forwarded?: { readonly sender: UserId; readonly sentAt: number };
  /**
   * The last edit: its time, the conversation's modification (the base of the next edit; 0 before the first), and the number of
   * edits.
   */
  readonly edited?: { readonly at: number; readonly modification: number; readonly count: number };
  readonly pinned?: { readonly by: UserId; readonly at: number };
  /** In the order in which they were first set; at most `reactionEmojisMax`. */
  readonly reactions?: readonly Reaction[];
}

/** One row of a conversation's log. Never deleted. */
export interface Message extends MessageMarks {
  readonly conversation: ConversationId;
  readonly sequence: number;
  readonly id: MessageId;
  readonly sender: UserId;
  /** The command that created it: lets the sender's device replace its pending echo. */
  readonly commandId: CommandId;
  readonly body: MessageBody;
  /** Milliseconds since the epoch, the server's clock. */
  readonly sentAt: number;
  /** 0 until changed; then the conversation's modification at the last change (CH-6). */
  readonly modification: number;
  /** The conversation's `count` after this message. */
  readonly ordinal: number;
  /** The sender's `sent` after this message. */
  readonly senderOrdinal: number;
  /** For a reply: the number of the sender's replies in its thread, including it. */
  readonly threadSent?: number;
  /**
   * For a root: the number of its replies; absent if there are none. The log stores all; a user's answer counts those within the
   * user's periods (CH-21).
   */
  readonly replies?: number;
}

/** A text before an edit; deleted by a recall. */
export interface Version {
  readonly conversation: ConversationId;
  readonly sequence: number;
  /** The base of the edit that replaced it: 0 for the first text. */
  readonly modification: number;
  readonly body: TextBody;
  /** When it was written, milliseconds since the epoch. */
  readonly at: number;
}
