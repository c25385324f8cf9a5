/**
 * Schema step: an index of recalled messages, so that entries exclude them from counts without reading other messages
 * (CH-19). Most conversations have none.
 */
export const RECALLED_STEP = `
CREATE INDEX message_recalled ON message (conversation, sequence, sender, root) WHERE kind = 2;
`;
