import type { ConversationEntry, MessageRowView, Person, SendOptions } from '@everywire/chat-client';
import { useChat, useClient } from '@everywire/chat-react';
import { type KeyboardEvent, type RefObject, useEffect, useId, useRef, useState } from 'react';
import { useWords } from '../i18n/words.js';
import { insertMention, type MentionQuery, mentionQueryAt } from './mention-query.js';

/** Somebody who can be called; `null` for everybody. */
interface Candidate {
  readonly label: string;
  readonly person: Person | null;
}

/** As many people as are shown, and as many pages of members as are looked through. */
const shownMax = 8;
const pagesMax = 20;
/** In larger conversations only who keeps order calls everybody (CH-27). */
const smallMax = 200;

export interface MentionPicker {
  readonly id: string;
  readonly candidates: readonly Candidate[];
  readonly active: number;
  /** The field changed, or the caret in it. */
  readonly look: () => void;
  readonly close: () => void;
  /** True where the key was for the picker. */
  readonly onKeyDown: (event: KeyboardEvent) => boolean;
  readonly choose: (candidate: Candidate) => void;
  /** Whom this text calls, of those who were picked. */
  readonly calledIn: (text: string) => SendOptions['mentions'];
  /** As editing begins: who is called already. */
  readonly begin: (called: MessageRowView['mentions']) => void;
}

/** Writing `@` in a group offers its members; who is picked is called when the text is sent. */
export function useMentions(
  entry: ConversationEntry,
  field: RefObject<HTMLTextAreaElement | null>,
  write: (text: string) => void,
): MentionPicker {
  const words = useWords().messages;
  const { me } = useChat();
  const id = useId();
  const [asked, setAsked] = useState<MentionQuery | null>(null);
  const [active, setActive] = useState(0);
  /** Where the `@` stands whose list was put away. */
  const dismissed = useRef<number | null>(null);
  const picked = useRef(new Map<string, Person | null>());
  const members = useMembersOnce(entry.id, asked !== null);
  const group = entry.member && (entry.kind === 'group' || entry.kind === 'channel');
  const callsAll = entry.memberCount <= smallMax || entry.role === 'owner' || entry.role === 'admin';
  const everybody: readonly Candidate[] = callsAll ? [{ label: words.everybody, person: null }] : [];
  const people = members
    .filter(({ id: one }) => one !== me.id)
    .map((person) => ({ label: person.displayName, person }));
  const candidates =
    asked === null ? [] : [...found(people, asked.query).slice(0, shownMax), ...found(everybody, asked.query)];

  const look = () => {
    const element = field.current;
    if (element === null || !group) return;
    const next =
      element.selectionStart === element.selectionEnd ? mentionQueryAt(element.value, element.selectionStart) : null;
    if (next?.query !== asked?.query || next?.start !== asked?.start) setActive(0);
    if (next?.start !== dismissed.current) dismissed.current = null;
    setAsked(dismissed.current === null ? next : null);
  };
  const close = () => setAsked(null);
  const dismiss = () => {
    dismissed.current = asked?.start ?? null;
    close();
  };
  const choose = (candidate: Candidate) => {
    const element = field.current;
    if (element === null || asked === null) return;
    const next = insertMention(element.value, element.selectionStart, asked, candidate.label);
    picked.current.set(candidate.label, candidate.person);
    write(next.text);
    close();
    element.focus();
    requestAnimationFrame(() => element.setSelectionRange(next.caret, next.caret));
  };
  const onKeyDown = (event: KeyboardEvent): boolean => {
    const candidate = candidates[active];
    if (candidate === undefined || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return false;
    if (event.key === 'Enter' || event.key === 'Tab') choose(candidate);
    else if (event.key === 'Escape') dismiss();
    else if (event.key === 'ArrowDown') setActive((active + 1) % candidates.length);
    else if (event.key === 'ArrowUp') setActive((active + candidates.length - 1) % candidates.length);
    else return false;
    event.preventDefault();
    return true;
  };
  const calledIn = (text: string): SendOptions['mentions'] => {
    const called = [...picked.current].filter(([label]) => text.includes(`@${label}`)).map(([, person]) => person);
    if (called.length === 0) return undefined;
    return { people: called.flatMap((person) => person?.id ?? []), all: called.includes(null) };
  };
  const begin = (called: MessageRowView['mentions']) => {
    picked.current = new Map((called?.people ?? []).map((person) => [person.displayName, person]));
    if (called?.all === true) for (const label of words.everybodyNames) picked.current.set(label, null);
  };
  return { id, candidates, active, look, close, onKeyDown, choose, calledIn, begin };
}

/** By display name or user name; those that begin with it come first. */
function found(candidates: readonly Candidate[], query: string): readonly Candidate[] {
  const wanted = query.toLocaleLowerCase();
  const placed = candidates.map((candidate) => {
    const names = [candidate.label, candidate.person?.name ?? ''].map((name) => name.toLocaleLowerCase());
    if (names.some((name) => name.startsWith(wanted))) return { candidate, place: 0 };
    return { candidate, place: names.some((name) => name.includes(wanted)) ? 1 : null };
  });
  return [0, 1].flatMap((place) => placed.filter((one) => one.place === place).map((one) => one.candidate));
}

/** The members, page by page, from when they are wanted first. */
function useMembersOnce(conversation: number, wanted: boolean): readonly Person[] {
  const client = useClient();
  const [members, setMembers] = useState<readonly Person[]>([]);
  const begun = useRef(false);
  useEffect(() => {
    if (!wanted || begun.current) return;
    begun.current = true;
    const load = async () => {
      let after: number | null = null;
      for (let pages = 0; pages < pagesMax; pages++) {
        const page: Awaited<ReturnType<typeof client.members>> = await client.members(conversation, after);
        setMembers((before) => [...before, ...page.members.map(({ person }) => person)]);
        after = page.members.at(-1)?.person.id ?? null;
        if (!page.more || after === null) return;
      }
    };
    load().catch(() => {
      begun.current = false;
    });
  }, [client, conversation, wanted]);
  return members;
}
