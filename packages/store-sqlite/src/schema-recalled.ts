/** What was recalled, so that entries count without it and without looking at the other messages (CH-19). Most conversations have none. */
export const RECALLED_STEP = `
CREATE INDEX message_recalled ON message (conversation, sequence, sender, root) WHERE kind = 2;
`;
