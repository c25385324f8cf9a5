import type { ServiceChange as CoreServiceChange, UserId } from '@everywire/chat';
import type { ConversationEntry, Person, ServiceChange, TimelineRow } from './chat-client.js';
import type { CoreEntry } from './core/chat-core.js';
import type { CoreRow } from './core/timeline-view.js';

export type Naming = (id: UserId) => Person;

/** A conversation of the list with people where the core has ids. */
export function viewEntry({ entry, unread, draft, pending, typing }: CoreEntry, person: Naming): ConversationEntry {
  const peer = entry.peer === null ? null : person(entry.peer.user);
  return {
    id: entry.conversation,
    kind: entry.kind,
    title: peer?.displayName ?? entry.name,
    peer,
    memberCount: entry.memberCount,
    unread,
    member: entry.member,
    ended: entry.ended,
    preview: viewPreview(entry.preview, pending, person),
    draft,
    activityAt: entry.activity,
    typing: typing.map(person),
  };
}

function viewPreview(
  row: CoreEntry['entry']['preview'],
  pending: CoreEntry['pending'],
  person: Naming,
): ConversationEntry['preview'] {
  if (pending?.command.command === 'send')
    return { sender: null, text: pending.command.text, service: null, pending: true };
  if (row === null) return null;
  const sender = person(row.sender);
  if (row.body.kind === 'service')
    return { sender, text: '', service: viewService(row.body.service, person), pending: false };
  return { sender, text: row.body.text, service: null, pending: false };
}

export function viewRow(row: CoreRow, person: Naming): TimelineRow {
  if (row.type === 'gap') return { type: 'gap', key: row.key, loading: row.loading };
  const sender = person(row.sender);
  if (row.type === 'message') return { ...row, sender };
  const { type, key, sequence, sentAt } = row;
  return { type, key, sequence, sender, change: viewService(row.service, person), sentAt };
}

function viewService(service: CoreServiceChange, person: Naming): ServiceChange {
  switch (service.change) {
    case 'added':
    case 'removed':
      return { change: service.change, people: service.users.map(person) };
    default:
      return service;
  }
}
