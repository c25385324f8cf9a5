import type { ConversationEntry, MessageOptions, MessageRowView, Person } from '@everywire/chat-client';
import { useChat, useClient } from '@everywire/chat-react';
import { type KeyboardEvent, type RefObject, useEffect, useId, useRef, useState } from 'react';
import { useNameMatch } from '../app/use-name-match.js';
import { useWords } from '../i18n/words.js';
import { splitMentions } from '../pane/split-mentions.js';
import { insertMention, type MentionQuery, mentionQueryAt } from './mention-query.js';
import { putText } from './put-text.js';
import { resolveTypedMentions } from './typed-mentions.js';

/** A mention candidate; `person` is `null` for everyone. */
interface Candidate {
  readonly label: string;
  readonly person: Person | null;
}

/** The maximum number of people shown, and of member pages loaded. */
const SHOWN_MAX = 8;
const PAGES_MAX = 20;
/** In larger conversations only the owner and admins can mention everyone (CH-27). */
const SMALL_MAX = 200;

interface TextWithMentions extends Pick<MessageOptions, 'mentions'> {
  readonly text: string;
}

/** State and actions of the mention picker. */
export interface MentionPicker {
  readonly id: string;
  readonly candidates: readonly Candidate[];
  readonly active: number;
  /** Updates the picker after a change of the field's text or caret. */
  readonly look: () => void;
  readonly close: () => void;
  /** Handles a key. Returns true if the picker consumed it. */
  readonly onKeyDown: (event: KeyboardEvent) => boolean;
  readonly choose: (candidate: Candidate) => void;
  /** Returns the text to send and whom it mentions: people picked, and people whose names were typed. */
  readonly resolveMentions: (text: string) => TextWithMentions;
  /** Sets the people who are already mentioned, when an edit begins. */
  readonly begin: (called: MessageRowView['mentions']) => void;
}

/** Offers the members of a group after an `@`. A picked member is mentioned when the text is sent. */
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
  /** The position of the `@` whose list was dismissed. */
  const dismissed = useRef<number | null>(null);
  /** In the order of picking. Two people with the same display name are two candidates. */
  const picked = useRef<readonly Candidate[]>([]);
  const members = useMembersOf(entry, asked !== null);
  const group = entry.member && (entry.kind === 'group' || entry.kind === 'channel');
  const mayMentionAll = entry.memberCount <= SMALL_MAX || entry.role === 'owner' || entry.role === 'admin';
  const everybody: readonly Candidate[] = mayMentionAll ? [{ label: words.everybody, person: null }] : [];
  const others = members.filter(({ id: one }) => one !== me.id);
  const matches = useNameMatch(asked?.query ?? '');
  const ranked = others.map((person) => ({ person, rank: matches(person.displayName, person.name) }));
  // Names that start with the query come first.
  const found = [0, 1].flatMap((rank) =>
    ranked.filter((one) => one.rank === rank).map(({ person }) => ({ label: person.displayName, person })),
  );
  const candidates =
    asked === null ? [] : [...found.slice(0, SHOWN_MAX), ...(matches(...EVERYONE) === 0 ? everybody : [])];

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
  const resolveMentions = (written: string): TextWithMentions => {
    const { text, people: typed } = group ? resolveTypedMentions(written, others) : { text: written, people: [] };
    const chosen = mentionedIn(picked.current, typed, text);
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
  return { id, candidates, active, look, close, onKeyDown, choose, resolveMentions, begin };
}

/**
 * Returns the picked candidates that the text still mentions. If several share a name, returns as many as the name occurs, those picked
 * last. A longer name that starts with another name does not count as that one.
 */
function mentionedIn(picked: readonly Candidate[], typed: readonly Person[], text: string): readonly (Person | null)[] {
  const labels = new Set(picked.map(({ label }) => label));
  const stretches = splitMentions(text, [...labels, ...typed.map(({ displayName }) => displayName)]);
  return [...labels].flatMap((label) => {
    const times = stretches.filter((one) => one.called && one.text === `@${label}`).length;
    const named = picked.filter((one) => one.label === label).map(({ person }) => person);
    return times === 0 ? [] : [...new Set([...named].reverse())].slice(0, times).reverse();
  });
}

/** What finds everyone in each language, pinyin included. */
const EVERYONE = ['all', 'everyone', '所有人', 'suoyouren', 'syr'];

/** Loads the members page by page when first needed, and again after a member joined or left. */
function useMembersOf({ id, membersAt }: ConversationEntry, wanted: boolean): readonly Person[] {
  const client = useClient();
  const [members, setMembers] = useState<readonly Person[]>([]);
  /** The `membersAt` value for which the members were loaded. */
  const readAt = useRef<number | null>(null);
  useEffect(() => {
    if (!wanted || readAt.current === membersAt) return;
    readAt.current = membersAt;
    const isCurrent = () => readAt.current === membersAt;
    const load = async () => {
      let after: number | null = null;
      let read: readonly Person[] = [];
      for (let pages = 0; pages < PAGES_MAX; pages++) {
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
  // Closing the list does not stop loading; leaving the conversation does.
  useEffect(
    () => () => {
      readAt.current = null;
    },
    [],
  );
  return members;
}
