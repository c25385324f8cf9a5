import { checkEntryPermission, checkPermissionOver, checkPermissionToGive } from '@everywire/chat';
import type { ConversationEntry, MemberEntry, Role } from '@everywire/chat-client';
import { useClient } from '@everywire/chat-react';
import { Eye, KeyRound, type LucideIcon, MessageCircle, ShieldCheck, User, UserMinus } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useRef, useState } from 'react';
import { goToPerson } from '../app/route.js';
import { FloatingMenu } from '../design/floating-menu.js';
import { MenuItem } from '../design/menu-item.js';
import type { MenuPlace } from '../design/menu-place.js';
import { useWords } from '../i18n/words.js';
import { useMayWriteTo } from '../people/use-may-write-to.js';
import { ConfirmDialog } from './confirm-dialog.js';

interface MemberMenuProps {
  readonly entry: ConversationEntry;
  readonly member: MemberEntry;
  readonly place: MenuPlace;
  readonly run: (act: Promise<unknown>) => void;
  readonly onClose: () => void;
}

const given: readonly (readonly [Exclude<Role, 'owner'>, LucideIcon])[] = [
  ['admin', ShieldCheck],
  ['member', User],
  ['reader', Eye],
];

/** Renders the menu of a group member: open a direct conversation, change the role, remove. */
export function MemberMenu({ entry, member, place, run, onClose }: MemberMenuProps) {
  const words = useWords();
  const client = useClient();
  const mayWrite = useMayWriteTo(member.person);
  const [asking, setAsking] = useState<'owner' | 'remove' | null>(null);
  const asked = useRef(false);
  const ask = (what: 'owner' | 'remove') => {
    asked.current = true;
    setAsking(what);
  };
  const { person, role } = member;
  if (asking !== null) return <ConfirmAction what={asking} entry={entry} member={member} onClose={onClose} />;
  const mayChange = checkEntryPermission('setRole', entry) === null && checkPermissionOver(entry, member) === null;
  const mayRemove = checkEntryPermission('remove', entry) === null && checkPermissionOver(entry, member) === null;
  const roleWords = { admin: words.makeAdmin, member: words.makeMember, reader: words.makeReader };
  // Guests cannot become owner or admin (CH-49).
  const others = given.filter(([other]) => other !== role && !(person.guest && other === 'admin'));
  return (
    <FloatingMenu
      place={place}
      label={words.memberMenu(person.displayName)}
      onClose={() => {
        if (!asked.current) onClose();
      }}
    >
      {mayWrite && (
        <>
          <MenuItem of={MessageCircle} words={words.talkTo} onSelect={() => goToPerson(client.direct(person.id))} />
          <DropdownMenu.Separator className="menu-line" />
        </>
      )}
      {others.map(([other, icon]) => (
        <MenuItem
          key={other}
          of={icon}
          words={roleWords[other]}
          disabled={!mayChange || checkPermissionToGive(entry, other) !== null}
          onSelect={() => run(client.groups.setRole(entry.id, person.id, other))}
        />
      ))}
      {!person.guest && (
        <MenuItem
          of={KeyRound}
          words={words.handOver}
          disabled={!mayChange || checkPermissionToGive(entry, 'owner') !== null}
          danger
          onSelect={() => ask('owner')}
        />
      )}
      <MenuItem of={UserMinus} words={words.remove} disabled={!mayRemove} danger onSelect={() => ask('remove')} />
    </FloatingMenu>
  );
}

interface ConfirmActionProps {
  readonly what: 'owner' | 'remove';
  readonly entry: ConversationEntry;
  readonly member: MemberEntry;
  readonly onClose: () => void;
}

function ConfirmAction({ what, entry, member: { person }, onClose }: ConfirmActionProps) {
  const words = useWords();
  const client = useClient();
  const handsOver = what === 'owner';
  return (
    <ConfirmDialog
      title={handsOver ? words.handOverTitle(person.displayName) : words.removeTitle(person.displayName)}
      text={handsOver ? words.handOverWords : words.removeWords}
      act={handsOver ? words.handOver : words.remove}
      onAct={() =>
        handsOver ? client.groups.setRole(entry.id, person.id, 'owner') : client.removeMember(entry.id, person.id)
      }
      onClose={onClose}
    />
  );
}
