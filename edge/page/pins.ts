import { scrypt, timingSafeEqual } from 'node:crypto'
import { bytesOfBase64url } from '@lotkeeper/protocol/bytes.ts'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { Locks } from '../access/locks.ts'
import type { Keeper, People } from '../access/roster.ts'

/** Signs keepers in by name and PIN, or by the PIN alone, slowly and never two at once, and shuts out who guesses. */
export interface Pins {
  readonly signIn: (tried: TriedPin) => Promise<Keeper | Refusal>
}
export interface TriedPin {
  readonly pin: string
  /** Whom somebody says he is; without it everybody's PIN is tried, and one that two people have is nobody's. */
  readonly keeper?: string | undefined
  readonly remote: string
}

export const openPins = (people: Pick<People, 'keepers'>, locks: Locks): Pins => {
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0
  const check = async ({ pin, keeper, remote }: TriedPin): Promise<Keeper | Refusal> => {
    const tried = { remote, keeper: keeper ?? null }
    const locked = locks.refusal(tried)
    if (locked) return locked
    const candidates = people.keepers().filter((one) => keeper === undefined || one.keeper === keeper)
    if (keeper === undefined && candidates.length > ALONE_MAX) return refuse('access.name-first')
    const found: Keeper[] = []
    // Every one is tried, so that the time taken tells nothing about who has which PIN; who is not here costs as much.
    for (const one of candidates.length > 0 ? candidates : [NOBODY]) if (await isPin(pin, one.pinHash)) found.push(one)
    const [one, other] = found.filter((each) => isStill(people, each))
    if (one && !other) {
      const shut = locks.refusal({ remote, keeper: one.keeper })
      if (shut) return shut
      locks.opened({ remote, keeper: one.keeper })
      return one
    }
    locks.failed(tried)
    return other ? refuse('access.name-first') : (locks.refusal(tried) ?? refuse('access.sign-in-wrong'))
  }
  return {
    signIn: (tried) => {
      if (waiting >= WAITING_MAX) return Promise.resolve(refuse('access.sign-in-locked', { seconds: 1 }))
      waiting += 1
      const turn = last
        .then(() => check(tried))
        .finally(() => {
          waiting -= 1
        })
      last = turn.catch(() => {})
      return turn
    },
  }
}

/** The directive that takes somebody out may come while his PIN is being checked. */
const isStill = (people: Pick<People, 'keepers'>, { keeper, pinHash }: Keeper): boolean =>
  people.keepers().some((now) => now.keeper === keeper && now.pinHash === pinHash)

/** As `pinMatches`, without holding up the readers: a guess costs a small computer some 200 ms. A hash nobody can check matches nothing. */
const isPin = async (pin: string, pinHash: string): Promise<boolean> => {
  const [name, cost = '', salt = '', hash = ''] = pinHash.split('$')
  const expected = bytesOfBase64url(hash)
  const salted = bytesOfBase64url(salt)
  if (name !== 'scrypt' || !expected || expected.length === 0 || !salted || !isCost(Number(cost))) return false
  const options = { N: Number(cost), r: 8, p: 1, maxmem: 256 * 8 * Number(cost) }
  const found = await new Promise<Uint8Array>((resolve, reject) => {
    scrypt(pin, salted, expected.length, options, (error, derived) => (error ? reject(error) : resolve(derived)))
  })
  return timingSafeEqual(found, expected)
}

/** A power of two [RFC 7914 2]. */
const isCost = (cost: number): boolean => Number.isInteger(Math.log2(cost)) && cost > 1 && cost <= COST_MAX

const COST_MAX = 524_288
const NOBODY: Keeper = { keeper: '', name: '', pinHash: `scrypt$16384$${'A'.repeat(22)}$${'A'.repeat(43)}` }
/** A PIN tried alone costs a small computer 200 ms for each person; of more than so many one says who one is. */
const ALONE_MAX = 12
/** Sign-ins that may stand in line; more is no keeper. */
const WAITING_MAX = 16
