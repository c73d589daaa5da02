import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import type { KeyFolder } from '../join/keys.ts'
import type { Clock } from '../parts.ts'

/** Shuts out who guesses: by the address he comes from, by the person he tries to be, and over all of them. */
export interface Locks {
  readonly refusal: (tried: Tried) => Refusal | null
  readonly failed: (tried: Tried) => void
  /** Forgets the wrong tries of this address, and those at this person: only the right PIN does. */
  readonly opened: (tried: Tried & { readonly keeper: string }) => void
}
export interface Tried {
  readonly remote: string
  /** `null` where a PIN is tried alone. */
  readonly keeper: string | null
}

/** Wrong tries outlive a restart: name, how many, and until when it is shut by the wall clock. */
export interface KeptTries {
  readonly read: () => readonly KeptTry[]
  /** A full disk keeps nobody out and lets nobody in: what is in memory counts. */
  readonly write: (tries: readonly KeptTry[]) => void
}
type KeptTry = readonly [name: string, wrong: number, untilMs: number]

export const openKeptTries = (folder: Pick<KeyFolder, 'has' | 'text' | 'write'>, note: (why: string) => void): KeptTries => ({
  read: () => {
    try {
      const rows: unknown = folder.has(FILE) ? JSON.parse(folder.text(FILE, () => '[]')) : []
      return check.Check(rows) ? (rows as KeptTry[]) : []
    } catch {
      return []
    }
  },
  write: (tries) => {
    try {
      folder.write(FILE, `${JSON.stringify(tries)}\n`)
    } catch (cause) {
      note(String(cause))
    }
  },
})

interface Tries {
  readonly wrong: number
  /** By the monotonic clock. */
  readonly until: number
  readonly at: number
}

export const openLocks = (clock: Clock, kept: KeptTries | null): Locks => {
  const tries = new Map<string, Tries>()
  for (const [name, wrong, untilMs] of kept?.read() ?? []) {
    // A clock that was set meanwhile shuts nobody out for longer than a lock may last.
    const leftMs = Math.min(LOCK_MS_MAX, Math.max(0, untilMs - clock.now()))
    tries.set(name, { wrong, until: clock.monotonic() + leftMs, at: clock.monotonic() })
  }
  const save = () => {
    const offMs = clock.now() - clock.monotonic()
    kept?.write([...tries].map(([name, { wrong, until }]) => [name, wrong, Math.round(until + offMs)]))
  }
  return {
    refusal: (tried) => {
      const until = Math.max(...limitsOf(tried).map(({ name }) => tries.get(name)?.until ?? Number.NEGATIVE_INFINITY))
      const leftMs = until - clock.monotonic()
      return leftMs > 0 ? refuse('access.sign-in-locked', { seconds: Math.ceil(leftMs / 1000) }) : null
    },
    failed: (tried) => {
      const now = clock.monotonic()
      for (const { name, free, forgiven } of limitsOf(tried)) {
        const known = tries.get(name) ?? { wrong: 0, until: 0, at: now }
        const wrong = 1 + Math.max(0, known.wrong - (forgiven ? Math.floor((now - known.at) / FORGIVE_MS) : 0))
        const over = wrong - free
        const until = over >= 0 ? now + Math.min(LOCK_MS_MAX, LOCK_MS * 2 ** Math.min(over, 20)) : known.until
        // Last tried, last in line to be forgotten.
        tries.delete(name)
        tries.set(name, { wrong, until, at: now })
      }
      for (const name of tries.keys()) {
        if (tries.size <= NAMES_MAX) break
        if (name !== EVERYBODY) tries.delete(name)
      }
      save()
    },
    opened: (tried) => {
      const names = limitsOf(tried).flatMap(({ name, forgiven }) => (forgiven ? [] : [name]))
      if (names.map((name) => tries.delete(name)).includes(true)) save()
    },
  }
}

/**
 * Whoever has a PIN of his own could clear the tries of his address between guesses at somebody else's: what counts a person, and what counts all, is not
 * cleared by it.
 */
const limitsOf = ({ remote, keeper }: Tried) => [
  { name: `from ${remote}`, free: TRIES_FREE, forgiven: false },
  ...(keeper === null ? [] : [{ name: `as ${keeper}`, free: TRIES_FREE_PERSON, forgiven: false }]),
  { name: EVERYBODY, free: TRIES_FREE_ALL, forgiven: true },
]

const FILE = 'tries.json'
const check = Compile(Type.Array(Type.Tuple([Type.String(), Type.Integer({ minimum: 0 }), Type.Number()])))
const TRIES_FREE = 5
const TRIES_FREE_PERSON = 10
const TRIES_FREE_ALL = 25
const LOCK_MS = 15_000
const LOCK_MS_MAX = 900_000
/** Of all wrong tries one is forgiven in so long: people mistype every day, and nobody's right PIN says that it was he. */
const FORGIVE_MS = 900_000
/** Addresses and people remembered: a telephone can have thousands of addresses. */
const NAMES_MAX = 256
const EVERYBODY = '*'
