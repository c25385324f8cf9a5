import { type CursorPlan, checkedPlan } from './decide-cursors.js';
import type { Notice } from './notice.js';
import { admitMember } from './permission.js';
import type { DraftResult } from './wire.js';
import type { SetDraft } from './wire-cursors.js';

/**
 * Plans to store the text of the composer (the input field) as the draft. If `base` is not the current revision,
 * another device has changed the draft: then nothing is overwritten, and the result contains the current draft.
 */
export function planDraft(command: SetDraft): CursorPlan<DraftResult> {
  const plan: CursorPlan<DraftResult> = {
    conversation: command.conversation,
    position: null,
    decide: (rows) => {
      const admitted = admitMember('draft', rows);
      if (admitted.outcome === 'refused') return admitted;
      const { member } = admitted;
      const { draft } = member;
      if (draft.text === command.text)
        return { outcome: 'accepted', members: [], result: { accepted: true, draft }, notices: [] };
      if (draft.revision !== command.base)
        return { outcome: 'accepted', members: [], result: { accepted: false, draft }, notices: [] };
      const written = { text: command.text, revision: draft.revision + 1 };
      const revision = member.revision + 1;
      const notices: readonly Notice[] = [
        {
          to: 'users',
          users: [member.user],
          event: { event: 'own', epoch: rows.epoch, conversation: member.conversation, revision },
        },
      ];
      return {
        outcome: 'accepted',
        members: [{ ...member, draft: written, revision }],
        result: { accepted: true, draft: written },
        notices,
      };
    },
  };
  return checkedPlan(plan);
}
