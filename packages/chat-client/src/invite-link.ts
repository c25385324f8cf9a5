/** What a link to join stands for. */
export interface InviteLink {
  readonly conversation: number;
  /** `null` where anyone may join. */
  readonly secret: string | null;
}

/** The secret stands in the fragment, which browsers send to no server and write to no log. */
export function formatInviteLink(origin: string, { conversation, secret }: InviteLink): string {
  return `${new URL(origin).origin}/#join/${conversation}${secret === null ? '' : `/${secret}`}`;
}

/** `null` for what is no such link, whichever server it is of. */
export function parseInviteLink(link: string): InviteLink | null {
  const [, conversation, secret] = /#join\/(\d{1,15})(?:\/([0-9a-f]{32}))?$/.exec(link) ?? [];
  return conversation === undefined ? null : { conversation: Number(conversation), secret: secret ?? null };
}
