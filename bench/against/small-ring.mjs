/**
 * The conversations of the load chat-send: 20,000 of two people each, with five messages each, built within a few
 * seconds.
 */
export const smallRing = { people: 2_000, partners: 10, messages: 100_000 };
