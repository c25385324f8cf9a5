/** Why an answer with this status is no answer of ours: an `Attempt.reason`. */
export function refusalOf(status: number): string {
  return status === 413 ? 'too_large' : 'refused';
}
