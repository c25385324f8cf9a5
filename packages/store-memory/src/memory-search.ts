import type { Message, SearchAnswer, SearchRequest, UserId } from '@everywire/chat';
import {
  compareSearchPositions,
  isMemberOf,
  isSearchPlace,
  isVisible,
  isWanted,
  searchPosition,
  takeFitting,
} from '@everywire/chat/internal';
import { peerOf } from './memory-rows.js';
import type { MemoryConversation, MemoryState } from './memory-tables.js';
import { hiddenBy, withSeenReplies } from './memory-threads.js';

/** Searches by a full scan and a sort. This is the reference for other stores. */
export function searchMessages(state: MemoryState, user: UserId, request: SearchRequest): SearchAnswer {
  const { after, limit, bytesMax } = request;
  const found = [...(state.tables.conversationsOf.get(user) ?? [])]
    .flatMap((id) => {
      const table = state.tables.conversations.get(id);
      return table === undefined ? [] : searchTable(table, user, request);
    })
    .filter((message) => after === null || compareSearchPositions(after, message) < 0)
    .sort(compareSearchPositions);
  const hits = takeFitting(found.slice(0, limit), bytesMax);
  const last = hits.at(-1);
  const next = last === undefined || found.length === hits.length ? null : searchPosition(last);
  return { epoch: state.epoch, hits, next };
}

function searchTable(table: MemoryConversation, user: UserId, request: SearchRequest): readonly Message[] {
  const member = table.members.get(user)?.member;
  if (member === undefined || !isMemberOf(table.conversation, member)) return [];
  const peer = peerOf(table, user)?.user ?? null;
  if (!isSearchPlace(table.conversation, peer, request.places)) return [];
  const hidden = hiddenBy(table, user);
  return table.messages
    .filter(({ sequence }) => isVisible(member, sequence) && !hidden.has(sequence))
    .filter((message) => isWanted(message, request))
    .map((message) => withSeenReplies(table, member, message));
}
