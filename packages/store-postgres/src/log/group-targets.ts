import type { ChangeTarget } from '@everywire/chat';

/**
 * Returns the first four parameters of each statement of a group: the conversations by the index of each change. The
 * statements are sent before the conversation of a direct key is known.
 */
export function targetArrays(targets: readonly ChangeTarget[]): readonly unknown[][] {
  return [
    targets.map((_, at) => at),
    targets.map((target) => (target.by === 'id' ? target.conversation : null)),
    targets.map((target) => (target.by === 'direct' ? target.key[0] : null)),
    targets.map((target) => (target.by === 'direct' ? target.key[1] : null)),
  ];
}

/** Defines `asked(at, id, smaller, larger)` and `target(at, id)`; the latter omits conversations that do not exist. */
export const WITH_TARGETS: string = `
  WITH asked AS (SELECT * FROM unnest($1::int4[], $2::int8[], $3::int8[], $4::int8[]) AS a(at, id, smaller, larger)),
  target AS (
    SELECT at, id FROM asked WHERE id IS NOT NULL
    UNION ALL
    SELECT a.at, c.id FROM asked a
      JOIN conversation c ON c.direct_smaller = a.smaller AND c.direct_larger = a.larger AND c.direct_smaller IS NOT NULL
  )`;
