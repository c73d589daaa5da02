import { scrypt, timingSafeEqual } from 'node:crypto'
import { bytesOfBase64url } from '@lotkeeper/protocol/bytes.ts'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { Clock } from '../parts.ts'

/** Someone who may sign in: an opaque id (it stands in entries), a name (it does not), and what `hashPin` made of the PIN. */
export interface Keeper {
  readonly keeper: string
  readonly name: string
  readonly pinHash: string
  /** A keeper unless said otherwise. An assistant books, but sets no rule aside. */
  readonly role?: 'keeper' | 'assistant'
}

/** Signs keepers in by PIN alone, slowly and never two at once, and shuts out who guesses. */
export interface Pins {
  readonly signIn: (pin: string, remote: string) => Promise<Keeper | Refusal>
}

export const openPins = (keepers: readonly Keeper[], clock: Pick<Clock, 'monotonic'>): Pins => {
  const locks = openLocks(clock)
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0
  const check = async (pin: string, remote: string): Promise<Keeper | Refusal> => {
    const locked = locks.refusal(remote)
    if (locked) return locked
    let found: Keeper | null = null
    // Every keeper is tried, so that the time taken tells nothing about who has which PIN.
    for (const keeper of keepers) if (await isPin(pin, keeper.pinHash)) found ??= keeper
    if (found) {
      locks.opened(remote)
      return found
    }
    locks.failed(remote)
    return locks.refusal(remote) ?? refuse('access.sign-in-wrong')
  }
  return {
    signIn: (pin, remote) => {
      if (waiting >= WAITING_MAX) return Promise.resolve(refuse('access.sign-in-locked', { seconds: 1 }))
      waiting += 1
      const turn = last
        .then(() => check(pin, remote))
        .finally(() => {
          waiting -= 1
        })
      last = turn.catch(() => {})
      return turn
    },
  }
}

interface Tries {
  wrong: number
  until: number
}

/** Wrong tries per address, and over all addresses: a phone can have thousands of those. */
const openLocks = (clock: Pick<Clock, 'monotonic'>) => {
  const tries = new Map<string, Tries>()
  const limits = (remote: string) =>
    [
      [remote, TRIES_FREE],
      [EVERYBODY, TRIES_FREE_ALL],
    ] as const
  return {
    refusal: (remote: string): Refusal | null => {
      const until = Math.max(...limits(remote).map(([name]) => tries.get(name)?.until ?? 0))
      const leftMs = until - clock.monotonic()
      return leftMs > 0 ? refuse('access.sign-in-locked', { seconds: Math.ceil(leftMs / 1000) }) : null
    },
    failed: (remote: string) => {
      for (const [name, free] of limits(remote)) {
        const known = tries.get(name) ?? { wrong: 0, until: 0 }
        known.wrong += 1
        const over = known.wrong - free
        if (over >= 0) known.until = clock.monotonic() + Math.min(LOCK_MS_MAX, LOCK_MS * 2 ** Math.min(over, 20))
        // Last tried, last in line to be forgotten.
        tries.delete(name)
        tries.set(name, known)
      }
      for (const name of tries.keys()) {
        if (tries.size <= ADDRESSES_MAX) break
        if (name !== EVERYBODY) tries.delete(name)
      }
    },
    opened: (remote: string) => {
      tries.delete(remote)
      tries.delete(EVERYBODY)
    },
  }
}

/** As `pinMatches`, without holding up the readers: a guess costs a small computer some 200 ms. */
const isPin = async (pin: string, pinHash: string): Promise<boolean> => {
  const [name, cost = '', salt = '', hash = ''] = pinHash.split('$')
  const expected = bytesOfBase64url(hash)
  const salted = bytesOfBase64url(salt)
  if (name !== 'scrypt' || !expected || expected.length === 0 || !salted) return false
  const options = { N: Number(cost), r: 8, p: 1, maxmem: 256 * 8 * Number(cost) }
  const found = await new Promise<Uint8Array>((resolve, reject) => {
    scrypt(pin, salted, expected.length, options, (error, derived) => (error ? reject(error) : resolve(derived)))
  })
  return timingSafeEqual(found, expected)
}

/** Sign-ins that may stand in line; more is no keeper. */
const WAITING_MAX = 16
const TRIES_FREE = 5
const TRIES_FREE_ALL = 25
const LOCK_MS = 15_000
const LOCK_MS_MAX = 900_000
const ADDRESSES_MAX = 256
const EVERYBODY = '*'
