import { createHmac, randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'

/** One person who may sign in; the password stands only as its scrypt verifier, `scrypt$N$r$p$salt$hash`. */
export interface Login {
  readonly user: string
  readonly name: string
  readonly passwordHash: string
}

/** Who holds a token, and until when. */
export interface Session {
  readonly user: string
  readonly name: string
  readonly token: string
  readonly until: string
}

/** Signing in to the hub: stateless tokens, so that a restart signs nobody out; five wrong tries lock a user for a growing time. */
export interface SignIn {
  readonly signIn: (user: string, password: string) => Promise<Session | Refusal>
  /** The session of a token, or `null` when it is none, expired or forged. */
  readonly check: (token: string) => Session | null
}

export const openSignIn = (logins: readonly Login[], secret: Uint8Array, adminToken: string, nowMs: () => number): SignIn => {
  const tries = new Map<string, { wrong: number; lockedUntilMs: number }>()
  const seal = (payload: string) => createHmac('sha256', secret).update(payload).digest('base64url')
  const tokenFor = (login: Login): Session => {
    const until = new Date(nowMs() + SESSION_MS).toISOString()
    const payload = Buffer.from(JSON.stringify({ user: login.user, until })).toString('base64url')
    return { user: login.user, name: login.name, token: `${payload}.${seal(payload)}`, until }
  }
  return {
    signIn: async (user, password) => {
      const known = tries.get(user) ?? { wrong: 0, lockedUntilMs: 0 }
      const leftMs = known.lockedUntilMs - nowMs()
      if (leftMs > 0) return refuse('access.sign-in-locked', { seconds: Math.ceil(leftMs / 1000) })
      const login = logins.find((one) => one.user === user)
      // An unknown user costs as much as a wrong password, so that nobody learns who exists.
      const right = await matches(password, login?.passwordHash ?? NOBODY)
      if (login && right) {
        tries.delete(user)
        return tokenFor(login)
      }
      // Counted after the slow part, from what stands now: tries that run side by side must not share one count.
      const wrong = (tries.get(user)?.wrong ?? 0) + 1
      if (tries.size > USERS_REMEMBERED) tries.clear()
      tries.set(user, {
        wrong,
        lockedUntilMs: wrong >= TRIES_FREE ? nowMs() + Math.min(LOCK_MAX_MS, 2 ** (wrong - TRIES_FREE) * LOCK_FIRST_MS) : 0,
      })
      return refuse('access.sign-in-wrong')
    },
    check: (token) => {
      if (sameText(token, adminToken)) return { user: 'admin', name: 'admin', token, until: new Date(nowMs() + SESSION_MS).toISOString() }
      const [payload = '', given = ''] = token.split('.')
      if (!sameText(given, seal(payload))) return null
      const { user, until }: { readonly user: string; readonly until: string } = JSON.parse(
        Buffer.from(payload, 'base64url').toString('utf8'),
      )
      const login = logins.find((one) => one.user === user)
      return login && Date.parse(until) > nowMs() ? { user, name: login.name, token, until } : null
    },
  }
}

/** The scrypt verifier of a password, with a salt of its own. */
export const passwordHash = async (password: string): Promise<string> => {
  const salt = randomBytes(16)
  const hash = await derived(password, salt, COST)
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), hash.toString('base64url')].join('$')
}

/** 16 MB and a tenth of a second or more a try [OWASP password storage]. */
const COST = { N: 16_384, r: 8, p: 5 } as const
const HASH_BYTES = 32
const SESSION_MS = 12 * 3_600_000
const TRIES_FREE = 5
const LOCK_FIRST_MS = 30_000
const LOCK_MAX_MS = 3_600_000
const USERS_REMEMBERED = 10_000
const NOBODY = `scrypt$${COST.N}$${COST.r}$${COST.p}$${'A'.repeat(22)}$${'A'.repeat(43)}`

const matches = async (password: string, verifier: string): Promise<boolean> => {
  const [kind, N, r, p, salt = '', hash = ''] = verifier.split('$')
  const expected = Buffer.from(hash, 'base64url')
  if (kind !== 'scrypt' || expected.length !== HASH_BYTES) return false
  const got = await derived(password, Buffer.from(salt, 'base64url'), { N: Number(N), r: Number(r), p: Number(p) })
  return timingSafeEqual(got, expected)
}

const derived = (password: string, salt: Uint8Array, cost: ScryptOptions): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, HASH_BYTES, { ...cost, maxmem: 256 * 1024 * 1024 }, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })

const sameText = (one: string, other: string): boolean => {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
