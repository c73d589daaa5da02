import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { PASSWORD_LETTERS_MIN, passwordFault } from '@lotkeeper/protocol/rules/password.ts'

/** The scrypt verifier of a password, with a salt of its own: `scrypt$N$r$p$salt$hash` [RFC 7914; OpenSSL by Node]. */
export const passwordHash = async (password: string): Promise<string> => {
  const salt = randomBytes(16)
  const hash = await derived(password, salt, COST, HASH_BYTES)
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), hash.toString('base64url')].join('$')
}

/** Whether a password is the one of a verifier; `null`: of nobody, at the same cost, so that nobody learns who exists. */
export const isPassword = async (password: string, verifier: string | null): Promise<boolean> => {
  const [kind, N, r, p, salt = '', hash = ''] = (verifier ?? NOBODY).split('$')
  const expected = Buffer.from(hash, 'base64url')
  if (kind !== 'scrypt' || expected.length !== HASH_BYTES) return false
  const got = await derived(password, Buffer.from(salt, 'base64url'), { N: Number(N), r: Number(r), p: Number(p) }, HASH_BYTES)
  return timingSafeEqual(got, expected) && verifier !== null
}

/** Whether a verifier was made at another cost than today's: it is made anew when its password is next given. */
export const isOutdated = (verifier: string): boolean => !verifier.startsWith(`scrypt$${COST.N}$${COST.r}$${COST.p}$`)

/** Why a password is none. */
export const passwordRefusal = (password: string, login: string): Refusal | null => {
  const fault = passwordFault(password, login)
  if (fault === null) return null
  return fault === 'short' ? refuse('access.password-short', { letters: PASSWORD_LETTERS_MIN }) : refuse('access.password-common')
}

/** What a node keeps of a keeper's PIN, in the form nodes read: `scrypt$N$salt$hash`, some 200 ms a try on a small computer. */
export const pinHash = async (pin: string): Promise<string> => {
  const salt = randomBytes(16)
  const hash = await derived(pin, salt, { N: PIN_N, r: 8, p: 1 }, HASH_BYTES)
  return ['scrypt', PIN_N, salt.toString('base64url'), hash.toString('base64url')].join('$')
}

/** 16 MB and a tenth of a second or more a try [OWASP password storage]. */
const COST = { N: 16_384, r: 8, p: 5 } as const
const PIN_N = 16_384
const HASH_BYTES = 32
const NOBODY = `scrypt$${COST.N}$${COST.r}$${COST.p}$${'A'.repeat(22)}$${'A'.repeat(43)}`

const derived = (secret: string, salt: Uint8Array, cost: ScryptOptions, bytes: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(secret.normalize('NFKC'), salt, bytes, { ...cost, maxmem: 256 * 1024 * 1024 }, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })
