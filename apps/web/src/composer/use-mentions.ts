import type { ConversationEntry, MessageRowView, Person, SendOptions } from '@everywire/chat-client';
import { useChat, useClient } from '@everywire/chat-react';
import { type KeyboardEvent, type RefObject, useEffect, useId, useRef, useState } from 'react';
import { useWords } from '../i18n/words.js';
import { splitMentions } from '../pane/split-mentions.js';
import { insertMention, type MentionQuery, mentionQueryAt } from './mention-query.js';
import { putText } from './put-text.js';
import { resolveTyped } from './typed-mentions.js';

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

interface CalledText extends Pick<SendOptions, 'mentions'> {
  readonly text: string;
}

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
  /** The text as it is sent, and whom it calls: those who were picked, and those whose names were typed by hand. */
  readonly calledIn: (text: string) => CalledText;
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
  /** In the order of picking; two people of one display name are two candidates. */
  const picked = useRef<readonly Candidate[]>([]);
  const members = useMembersOf(entry, asked !== null);
  const group = entry.member && (entry.kind === 'group' || entry.kind === 'channel');
  const callsAll = entry.memberCount <= smallMax || entry.role === 'owner' || entry.role === 'admin';
  const everybody: readonly Candidate[] = callsAll ? [{ label: words.everybody, person: null }] : [];
  const others = members.filter(({ id: one }) => one !== me.id);
  const people = others.map((person) => ({ label: person.displayName, person }));
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
    picked.current = [...picked.current, candidate];
    putText(element, next.text, next.caret);
    write(next.text);
    close();
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
  const calledIn = (written: string): CalledText => {
    const { text, people: typed } = group ? resolveTyped(written, others) : { text: written, people: [] };
    const chosen = calledOf(picked.current, typed, text);
    const called = [...chosen, ...typed];
    if (called.length === 0) return { text };
    const ids = new Set(called.flatMap((person) => person?.id ?? []));
    return { text, mentions: { people: [...ids], all: called.includes(null) } };
  };
  const begin = (called: MessageRowView['mentions']) => {
    const people = (called?.people ?? []).map((person) => ({ label: person.displayName, person }));
    const all = called?.all === true ? words.everybodyNames.map((label) => ({ label, person: null })) : [];
    picked.current = [...people, ...all];
  };
  return { id, candidates, active, look, close, onKeyDown, choose, calledIn, begin };
}

/**
 * Whom of those picked a text still calls: of a name that several have as many as it says the name, those that were picked last. A name that begins
 * another one is not said by that one.
 */
function calledOf(picked: readonly Candidate[], typed: readonly Person[], text: string): readonly (Person | null)[] {
  const labels = new Set(picked.map(({ label }) => label));
  const stretches = splitMentions(text, [...labels, ...typed.map(({ displayName }) => displayName)]);
  return [...labels].flatMap((label) => {
    const times = stretches.filter((one) => one.called && one.text === `@${label}`).length;
    const named = picked.filter((one) => one.label === label).map(({ person }) => person);
    return times === 0 ? [] : [...new Set([...named].reverse())].slice(0, times).reverse();
  });
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

/** The present members, page by page, from when they are wanted first; read again once somebody came or went. */
function useMembersOf({ id, membersAt }: ConversationEntry, wanted: boolean): readonly Person[] {
  const client = useClient();
  const [members, setMembers] = useState<readonly Person[]>([]);
  /** The `membersAt` that the members were read for. */
  const readAt = useRef<number | null>(null);
  useEffect(() => {
    if (!wanted || readAt.current === membersAt) return;
    readAt.current = membersAt;
    const isCurrent = () => readAt.current === membersAt;
    const load = async () => {
      let after: number | null = null;
      let read: readonly Person[] = [];
      for (let pages = 0; pages < pagesMax; pages++) {
        const page: Awaited<ReturnType<typeof client.members>> = await client.members(id, after);
        if (!isCurrent()) return;
        read = [...read, ...page.members.map(({ person }) => person)];
        setMembers(read);
        after = page.members.at(-1)?.person.id ?? null;
        if (!page.more || after === null) return;
      }
    };
    load().catch(() => {
      if (isCurrent()) readAt.current = null;
    });
  }, [client, id, membersAt, wanted]);
  // Closing the list lets it be read on; leaving the conversation does not.
  useEffect(
    () => () => {
      readAt.current = null;
    },
    [],
  );
  return members;
}
