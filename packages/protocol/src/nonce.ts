/**
 * UTF-16 code units of a nonce (SN-36). 128 bits take 16 characters where each is any byte, and 22 in base64url: less is no secret. The server keeps it as
 * long as the session and its verdict, and repeats it in answers.
 */
const nonceUnits = { min: 16, max: 256 } as const;

/** Whether a server takes this nonce. Whether it can be guessed only its client knows. */
export function isNonce(text: string): boolean {
  // Half a character would not come back as itself in an answer.
  return text.length >= nonceUnits.min && text.length <= nonceUnits.max && !/\p{Surrogate}/u.test(text);
}
