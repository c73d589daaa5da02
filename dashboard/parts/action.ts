/** Fills bytes with randomness; `crypto.getRandomValues` works on plain-http pages too, `randomUUID` and `subtle` do not (B-004). */
export type FillRandom = (bytes: Uint8Array<ArrayBuffer>) => Uint8Array

/**
 * A new action id: what makes a repeated request book once. 96 random bits, so no two tablets ever meet.
 * Shape `page.` + 24 hex, inside the contract's `^[A-Za-z0-9._:~-]{8,64}$`.
 */
export const newAction = (fillRandom: FillRandom = (bytes) => crypto.getRandomValues(bytes)): string => {
  const bytes = fillRandom(new Uint8Array(ACTION_BYTES))
  return `page.${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

const ACTION_BYTES = 12
