/** What was begun in threads and not sent, for as long as the page lives. Of a hundred the oldest is given up. */
const drafts = new Map<string, string>();
const draftsMax = 100;

export function threadDraft(conversation: number, root: number): string {
  return drafts.get(`${conversation}/${root}`) ?? '';
}

export function keepThreadDraft(conversation: number, root: number, text: string): void {
  const place = `${conversation}/${root}`;
  drafts.delete(place);
  if (text !== '') drafts.set(place, text);
  const oldest = drafts.keys().next();
  if (drafts.size > draftsMax && oldest.done !== true) drafts.delete(oldest.value);
}
