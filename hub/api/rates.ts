import type { HubRoute } from '@lotkeeper/protocol/api/hub.ts'
import { ROUTE_RIGHTS } from '@lotkeeper/protocol/api/hub-rights.ts'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import type { Asker } from './asker.ts'

/** How many requests a minute are answered: of one address, of one person or machine, and of doors anybody may knock at. */
export interface Rates {
  /** Before anything is looked at; null: it may come in. */
  readonly address: (name: HubRoute, address: string) => Promise<Refusal | null>
  /** Once it is known who asks. */
  readonly asker: (asker: Asker) => Promise<Refusal | null>
}

export interface RatesWish {
  readonly addressPerMinute: number
  readonly userPerMinute: number
  /** For routes that anybody may ask and that change something: signing in, set-up, enrolment. */
  readonly knocksPerMinute: number
}

/** The owner of this machine is not counted: what brings old stock in is one request a row. */
export const openRates = (wish: RatesWish = USUAL): Rates => {
  const addresses = limiterOf(wish.addressPerMinute)
  const knocks = limiterOf(wish.knocksPerMinute)
  const users = limiterOf(wish.userPerMinute)
  const machines = new Map<number, RateLimiterMemory>()
  const limiterFor = (perMinute: number | undefined): RateLimiterMemory => {
    if (perMinute === undefined) return users
    const known = machines.get(perMinute) ?? limiterOf(perMinute)
    machines.set(perMinute, known)
    return known
  }
  return {
    address: async (name, address) => (await counted(addresses, address)) ?? (KNOCKED.has(name) ? await counted(knocks, address) : null),
    asker: async ({ user, isConsole, perMinute }) => (user === '' || isConsole ? null : counted(limiterFor(perMinute), user)),
  }
}

const counted = async (limiter: RateLimiterMemory, key: string): Promise<Refusal | null> => {
  try {
    await limiter.consume(key)
    return null
  } catch (over) {
    return refuse('access.too-many-requests', { seconds: Math.ceil((over as RateLimiterRes).msBeforeNext / 1000) })
  }
}

const limiterOf = (points: number): RateLimiterMemory => new RateLimiterMemory({ points, duration: 60 })

/** A hospital behind one address has dozens of people; a page that opens asks a dozen questions. */
const USUAL: RatesWish = { addressPerMinute: 12_000, userPerMinute: 3_000, knocksPerMinute: 120 }
const KNOCKED: ReadonlySet<HubRoute> = new Set(
  (Object.keys(ROUTE_RIGHTS) as HubRoute[]).filter(
    (name) => ROUTE_RIGHTS[name].right === 'anyone' && name !== 'health' && name !== 'checkpoint',
  ),
)
