import type { GroupSettings } from './group-settings.js';
import type { CommandId, ConversationId, MessageId, MessageName, Role, UserId } from './model.js';

/** What a service message says. Each is a message of its own, so membership and names are ordered by the sequence (CH-6). */
export type ServiceChange =
  /** `users`: whom a group began with besides its creator; absent for nobody. Groups that are older than this field have none. */
  | { readonly change: 'created'; readonly users?: readonly UserId[] }
  | { readonly change: 'added'; readonly users: readonly UserId[] }
  | { readonly change: 'removed'; readonly users: readonly UserId[] }
  | { readonly change: 'joined' }
  /** `owner`: whose the group is now, because its owner left. */
  | { readonly change: 'left'; readonly owner?: UserId }
  /** `owner` as the role: handed over by the sender, who is an admin now. */
  | { readonly change: 'role'; readonly user: UserId; readonly role: Role }
  | { readonly change: 'settings'; readonly settings: GroupSettings }
  | { readonly change: 'renamed'; readonly name: string }
  /** `null`: the generated one again. */
  | { readonly change: 'picture'; readonly picture: string | null }
  /** The last message of all. */
  | { readonly change: 'deleted' };

/**
 * `recalled`: emptied in place for everybody, by its sender or by who keeps order here. It is not unread any more (CH-19).
 */
export type MessageBody = TextBody | ServiceBody | RecalledBody;

export interface TextBody {
  readonly kind: 'text';
  /** May be empty where there are files. */
  readonly text: string;
  /** Absent for none. */
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

/** What a file is to the people who see it: shown, played, listened to, or only offered for saving. */
export type FileKind = 'image' | 'video' | 'audio' | 'file';

/** A file that goes along with a text: its bytes are kept by `Files`, and what is needed to show it before they have come is here. */
export interface FileRef {
  /** 32 lower-case hex digits. */
  readonly id: string;
  /** As its sender called it, without a path; says nothing of what it is. */
  readonly name: string;
  readonly kind: FileKind;
  /** A media type by its content; `application/octet-stream` where that is not known. */
  readonly type: string;
  /** Bytes. */
  readonly size: number;
  /** Of an image: the room it takes before it has come, and a ThumbHash in base64 to fill it with. It has a preview. */
  readonly picture?: { readonly width: number; readonly height: number; readonly placeholder: string };
}

/** Who is called by a message; those who were no members then are left out (CH-20). */
export interface Mentions {
  readonly users: readonly UserId[];
  /** Everybody. */
  readonly all: boolean;
}

/** Who set an emoji on a message, in the order they did; never empty. Whether it is one's own is for the viewer to see (CH-7). */
export interface Reaction {
  readonly emoji: string;
  readonly users: readonly UserId[];
}

/**
 * What a message may have besides its body. Nothing here depends on the viewer. Absent is none: most messages have none of it, and a row
 * that an older program kept is a row of today.
 */
export interface MessageMarks {
  /** A message of the same conversation; its text is looked up within the viewer's ranges, never copied (CH-22). */
  readonly quote?: MessageName;
  readonly mentions?: Mentions;
  /** A reply: the root's sequence, and the number of this reply in the thread, from 1 (CH-21). */
  readonly thread?: { readonly root: number; readonly ordinal: number };
  /** Whose text it is, where that was forwarded from another conversation or from here, and when it was sent. */
  readonly forwarded?: { readonly sender: UserId; readonly sentAt: number };
  /** The last edit: when, at which modification of the conversation, which is what the next edit is based on (0 before the first), and how many. */
  readonly edited?: { readonly at: number; readonly modification: number; readonly count: number };
  readonly pinned?: { readonly by: UserId; readonly at: number };
  /** In the order of their first setting; at most `reactionEmojisMax`. */
  readonly reactions?: readonly Reaction[];
}

/** One row of a conversation's log. Never deleted. */
export interface Message extends MessageMarks {
  readonly conversation: ConversationId;
  readonly sequence: number;
  readonly id: MessageId;
  readonly sender: UserId;
  /** The command that made it: lets the sender's device replace its pending echo in place. */
  readonly commandId: CommandId;
  readonly body: MessageBody;
  /** Milliseconds since the epoch, the server's clock. */
  readonly sentAt: number;
  /** 0 until touched; then the conversation's modification at the last touch (CH-6). */
  readonly modification: number;
  /** The conversation's `count` after this message. */
  readonly ordinal: number;
  /** The sender's `sent` after this message. */
  readonly senderOrdinal: number;
  /** Of a reply: the sender's replies in its thread after it. */
  readonly threadSent?: number;
  /** Of a root: its replies, absent for none. In the log all of them; what a user reads is told how many of them are within that user's periods (CH-21). */
  readonly replies?: number;
}

/** A text as it was before an edit; deleted by recall. */
export interface Version {
  readonly conversation: ConversationId;
  readonly sequence: number;
  /** What the edit that replaced it was based on: 0 for the first text. */
  readonly modification: number;
  readonly body: TextBody;
  /** When it was written, milliseconds since the epoch. */
  readonly at: number;
}
