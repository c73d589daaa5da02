import { createHash, timingSafeEqual } from 'node:crypto'

/** What is kept of a secret of many random bits: a plain digest cannot be guessed back. */
export const digestOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url')

/** Whether two texts are the same, in a time that tells nothing. */
export const sameText = (one: string, other: string): boolean => {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
