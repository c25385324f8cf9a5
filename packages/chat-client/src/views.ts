import type { ServiceChange as CoreServiceChange, UserId } from '@everywire/chat';
import type {
  ConversationEntry,
  MessageRowView,
  Person,
  PreviewFile,
  ServiceChangeView,
  TimelineRow,
} from './chat-client.js';
import type { CoreEntry } from './core/entry-views.js';
import type { CoreMessage } from './core/row-view.js';
import type { CoreRow } from './core/timeline-view.js';
import { pictureAddress } from './picture-address.js';

/** Resolves a user id to a person. */
export type Naming = (id: UserId) => Person;

/** Returns the view of a conversation, with people in place of ids. */
export function viewEntry(
  { entry, unread, draft, pending, typing }: CoreEntry,
  me: Person,
  person: Naming,
): ConversationEntry {
  const peer = entry.peer === null ? null : person(entry.peer.user);
  const own = entry.kind === 'notes' ? me.displayName : entry.name;
  return {
    id: entry.conversation,
    kind: entry.kind,
    title: peer?.displayName ?? own,
    peer,
    picture: pictureAddress(entry.picture),
    memberCount: entry.memberCount,
    membersAt: entry.membersAt,
    role: entry.role,
    settings: entry.settings,
    place: entry.place,
    mutedUntil: entry.mute,
    notify: entry.notify,
    marked: entry.mark,
    blocked: entry.blocked,
    unread,
    mentions: entry.mentions,
    mentionAt: entry.mentionAt,
    threads: entry.threads,
    threadsUnread: entry.threadsUnread,
    member: entry.member,
    ended: entry.ended,
    preview: viewPreview(entry.preview, pending, person),
    lastSent: viewPreview(entry.preview, null, person),
    draft,
    activityAt: entry.activity,
    typing: typing.map(person),
  };
}

/**
 * Returns the preview of a conversation: the waiting message of this device, or else the last message; `null` for none.
 */
function viewPreview(
  row: CoreEntry['entry']['preview'],
  pending: CoreEntry['pending'],
  person: Naming,
): ConversationEntry['preview'] {
  if (pending?.command.command === 'send')
    return {
      sequence: null,
      sender: null,
      ...textOrFiles(pending.command.text, pending.files),
      service: null,
      pending: true,
      ...(pending.failed !== null && { failed: true }),
    };
  if (row === null) return null;
  const sender = person(row.sender);
  const { sequence } = row;
  if (row.body.kind === 'service')
    return { sequence, sender, text: '', service: viewService(row.body.service, person), pending: false };
  if (row.body.kind === 'recalled')
    return { sequence, sender: person(row.body.by), text: '', service: { change: 'recalled' }, pending: false };
  return { sequence, sender, ...textOrFiles(row.body.text, row.body.files), service: null, pending: false };
}

/** Returns the part of a message that a preview shows: its text or, if it has no text, the names of its files. */
export function textOrFiles(
  text: string,
  files: readonly PreviewFile[] = [],
): { readonly text: string; readonly files?: readonly PreviewFile[] } {
  if (text !== '') return { text };
  return { text: files.map(({ name }) => name).join(', '), files: files.map(({ name, type }) => ({ name, type })) };
}

/**
 * Returns the view of a row, with people in place of ids. `recalledText`: the text of a message that the user recalled
 * in this view; otherwise `null`.
 */
export function viewRow(
  row: CoreRow,
  { person, me, recalledText }: { readonly person: Naming; readonly me: UserId; readonly recalledText: string | null },
): TimelineRow {
  switch (row.type) {
    case 'gap':
      return { type: 'gap', key: row.key, loading: row.loading };
    case 'damaged':
      return row;
    case 'message':
      return viewMessage(row, person, me);
    case 'recalled':
      return { ...row, sender: person(row.sender), by: person(row.by), text: recalledText };
    case 'service': {
      const { type, key, sequence, sentAt } = row;
      return { type, key, sequence, sender: person(row.sender), change: viewService(row.service, person), sentAt };
    }
  }
}

/** Returns the view of a message, with people in place of ids. */
export function viewMessage(row: CoreMessage, person: Naming, me: UserId): MessageRowView {
  const { quote, mentions, forwarded, pinned } = row;
  return {
    ...row,
    sender: person(row.sender),
    quote:
      quote?.state === 'shown'
        ? { ...quote, sender: person(quote.sender), mentions: viewMentions(quote.mentions, person) }
        : quote,
    mentions: viewMentions(mentions, person),
    forwarded: forwarded ? { ...forwarded, sender: person(forwarded.sender) } : null,
    pinned: pinned ? { ...pinned, by: person(pinned.by) } : null,
    reactions: row.reactions.map(({ emoji, users }) => ({ emoji, people: users.map(person), own: users.includes(me) })),
  };
}

function viewMentions(mentions: CoreMessage['mentions'], person: Naming): MessageRowView['mentions'] {
  return mentions && { people: mentions.users.map(person), all: mentions.all };
}

function viewService(service: CoreServiceChange, person: Naming): ServiceChangeView {
  switch (service.change) {
    case 'created':
      return { change: 'created', people: (service.users ?? []).map(person) };
    case 'added':
    case 'removed':
      return { change: service.change, people: service.users.map(person) };
    case 'left':
      return { change: 'left', owner: service.owner === undefined ? null : person(service.owner) };
    case 'role':
      return { change: 'role', person: person(service.user), role: service.role };
    case 'picture':
      return { change: 'picture', set: service.picture !== null };
    default:
      return service;
  }
}
