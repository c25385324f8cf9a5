import type { GroupSettings } from './group-settings.js';
import type { CommandId, ConversationId, MessageId, MessageName, Role, UserId } from './model.js';

/**
 * The content of a service message, which reports a change of the conversation itself. Each change is a separate
 * message, so that changes of members and names have sequences and thereby an order (CH-6).
 */
export type ServiceChange =
  /**
   * `users`: the initial members of a group other than its creator. Absent if there are none, and in messages older
   * than this field.
   */
  | { readonly change: 'created'; readonly users?: readonly UserId[] }
  | { readonly change: 'added'; readonly users: readonly UserId[] }
  | { readonly change: 'removed'; readonly users: readonly UserId[] }
  | { readonly change: 'joined' }
  /** `owner`: the new owner, if the owner left. */
  | { readonly change: 'left'; readonly owner?: UserId }
  /** If the role is `owner`, the sender transferred the group to this user and became an admin. */
  | { readonly change: 'role'; readonly user: UserId; readonly role: Role }
  | { readonly change: 'settings'; readonly settings: GroupSettings }
  | { readonly change: 'renamed'; readonly name: string }
  /** `null` restores the generated picture. */
  | { readonly change: 'picture'; readonly picture: string | null }
  /** The last message of a conversation. */
  | { readonly change: 'deleted' };

/**
 * The content of a message. `recalled`: the sender or an admin has emptied the message for everyone, and it does not
 * count as unread any more (CH-19).
 */
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

/**
 * A file attached to a text. `Files` stores the bytes. This object contains what a client needs to present the file
 * before it loads them.
 */
export interface FileRef {
  /** 32 lower-case hex digits. */
  readonly id: string;
  /** The name that the sender gave, without a path. It does not determine the type. */
  readonly name: string;
  readonly kind: FileKind;
  /** The media type, detected from the file's content; `application/octet-stream` if unknown. */
  readonly type: string;
  /** Bytes. */
  readonly size: number;
  /**
   * For an image, which then has a preview: its size in pixels, and a ThumbHash in base64 as a placeholder while it
   * loads. Absent for other files.
   */
  readonly picture?: { readonly width: number; readonly height: number; readonly placeholder: string };
}

/** The users whom a message mentions. Users who were not members when it was written are omitted (CH-20). */
export interface Mentions {
  readonly users: readonly UserId[];
  /** Whether all members are mentioned. */
  readonly all: boolean;
}

/**
 * The users who set an emoji on a message, in the order in which they did; never empty. A client finds out whether its
 * own user is among them (CH-7).
 */
export interface Reaction {
  readonly emoji: string;
  readonly users: readonly UserId[];
}

/**
 * The optional parts of a message apart from its body. None depends on the viewer. A part is absent if the message
 * lacks it, because most messages have none, and because rows stored by older programs then remain valid.
 */
export interface MessageMarks {
  /**
   * The quoted message, of the same conversation. Its text is not copied. It is read when a client requests it, if that
   * user may see it (CH-22).
   */
  readonly quote?: MessageName;
  readonly mentions?: Mentions;
  /** For a reply: the sequence of the thread's root, and the reply's number in the thread, from 1 (CH-21). */
  readonly thread?: { readonly root: number; readonly ordinal: number };
  /** For a forwarded text: its original author, and when the original was sent. */
  readonly forwarded?: { readonly sender: UserId; readonly sentAt: number };
  /**
   * The last edit. `at`: its time. `modification`: the conversation's modification then, which the next edit must name
   * as its base (the base is 0 before the first edit). `count`: the number of edits.
   */
  readonly edited?: { readonly at: number; readonly modification: number; readonly count: number };
  readonly pinned?: { readonly by: UserId; readonly at: number };
  /** The emojis in the order in which they were first set; at most `reactionEmojisMax`. */
  readonly reactions?: readonly Reaction[];
}

/** One message, a row of a conversation's log. It is never deleted; its content may be. */
export interface Message extends MessageMarks {
  readonly conversation: ConversationId;
  readonly sequence: number;
  readonly id: MessageId;
  readonly sender: UserId;
  /** The id of the command that created the message. The sender's device recognises its pending copy by it. */
  readonly commandId: CommandId;
  readonly body: MessageBody;
  /** Milliseconds since the epoch, by the server's clock. */
  readonly sentAt: number;
  /** 0 until the message is changed, then the conversation's modification at the last change (CH-6). */
  readonly modification: number;
  /**
   * The conversation's `count` after this message: the number of messages up to this one that count as unread for
   * others.
   */
  readonly ordinal: number;
  /** The sender's `sent` after this message: the number of the sender's own messages up to this one that count. */
  readonly senderOrdinal: number;
  /** For a reply: the number of the sender's replies in its thread, including it. */
  readonly threadSent?: number;
  /**
   * For the root of a thread: the number of its replies; absent if there are none. The log stores the number of all
   * replies. An answer to a user contains the number of those within the user's periods (CH-21).
   */
  readonly replies?: number;
}

/** The text of a message before an edit. Recalling the message deletes its versions. */
export interface Version {
  readonly conversation: ConversationId;
  readonly sequence: number;
  /**
   * The modification of the edit that wrote this text, and the base of the edit that replaced it. 0 for the first text.
   */
  readonly modification: number;
  readonly body: TextBody;
  /** When it was written, milliseconds since the epoch. */
  readonly at: number;
}
