/** The content of a link to join a conversation. */
export interface InviteLink {
  readonly conversation: number;
  /** The secret that admits to the conversation; `null` if anyone may join without one. */
  readonly secret: string | null;
}

/** Formats a link. The secret is in the fragment (after `#`), which browsers do not send, so that no server logs it. */
export function formatInviteLink(origin: string, { conversation, secret }: InviteLink): string {
  return `${new URL(origin).origin}/#join/${conversation}${secret === null ? '' : `/${secret}`}`;
}

/** Parses a link of any server; returns `null` for anything else. */
export function parseInviteLink(link: string): InviteLink | null {
  const [, conversation, secret] = /#join\/(\d{1,15})(?:\/([0-9a-f]{32}))?$/.exec(link) ?? [];
  return conversation === undefined ? null : { conversation: Number(conversation), secret: secret ?? null };
}
