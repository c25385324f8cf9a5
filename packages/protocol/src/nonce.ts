/**
 * Length limits of a nonce in UTF-16 code units (SN-36). A nonce is a random text with which a client opens a session.
 * 128 random bits take 16 characters of one byte each, or 22 in base64url. A shorter nonce could be guessed. A longer
 * one would cost memory, because the server keeps it as long as the session and its verdict, and repeats it in answers.
 */
const nonceUnits = { min: 16, max: 256 } as const;

/** Returns whether a server accepts this nonce. It cannot check how hard the nonce is to guess. */
export function isNonce(text: string): boolean {
  // A lone surrogate would not survive encoding in an answer.
  return text.length >= nonceUnits.min && text.length <= nonceUnits.max && !/\p{Surrogate}/u.test(text);
}
