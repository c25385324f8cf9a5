import type { ChangeTarget } from '@everywire/chat';

/**
 * Returns the first four parameters of each statement of a group: for each change, its index in the group, and either
 * the id of its conversation or the two users of a direct conversation. The statements find the id of a direct
 * conversation themselves, because all of them are sent in one round trip.
 */
export function targetArrays(targets: readonly ChangeTarget[]): readonly unknown[][] {
  return [
    targets.map((_, at) => at),
    targets.map((target) => (target.by === 'id' ? target.conversation : null)),
    targets.map((target) => (target.by === 'direct' ? target.key[0] : null)),
    targets.map((target) => (target.by === 'direct' ? target.key[1] : null)),
  ];
}

/**
 * Begins a statement that uses these parameters. Defines `asked(at, id, smaller, larger)`, the parameters as rows, and
 * `target(at, id)`, the id of the conversation of each change; `target` has no row for a direct conversation that does
 * not exist. `c.direct_smaller IS NOT NULL` lets PostgreSQL use the partial index `conversation_direct`.
 */
export const WITH_TARGETS: string = `
  WITH asked AS (SELECT * FROM unnest($1::int4[], $2::int8[], $3::int8[], $4::int8[]) AS a(at, id, smaller, larger)),
  target AS (
    SELECT at, id FROM asked WHERE id IS NOT NULL
    UNION ALL
    SELECT a.at, c.id FROM asked a
      JOIN conversation c ON c.direct_smaller = a.smaller AND c.direct_larger = a.larger AND c.direct_smaller IS NOT NULL
  )`;
