import type { HubAnswer, HubRoute } from '@lotkeeper/protocol/api/hub.ts'
import { ROUTE_RIGHTS } from '@lotkeeper/protocol/api/hub-rights.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { type Admitted, mayAsk } from '../access/authorise.ts'
import { type Caller, type Session, tokenOf } from '../access/caller.ts'
import type { People, SignInFrom } from '../people/people.ts'
import type { Asked } from './reading.ts'

/** One answer for each row of `HUB_ROUTES`, to somebody who was admitted; on routes anyone may ask that is nobody. */
export type Answers = {
  readonly [R in HubRoute]: (asked: Asked<R>, caller: Asker) => Promise<HubAnswer<R> | Refusal>
}

/** Who asks, the sites for which they may, and from where. */
export interface Asker extends Session, Admitted {
  readonly from: Required<SignInFrom>
  readonly by: 'bearer' | 'cookie'
  /** Requests a minute, of a machine. */
  readonly perMinute?: number
  /** The owner of this machine. */
  readonly isConsole?: boolean
}

/**
 * Who asks: nobody where anyone may; elsewhere somebody signed in who holds the route's right, or a refusal. A token that came by cookie is not
 * told again: the cookie exists so that no script need hold it.
 */
export const admit = (people: Pick<People, 'check'>, name: HubRoute, caller: Caller): Asker | Refusal => {
  const brought = tokenOf(caller)
  const from = {
    address: caller.address,
    agent: String(caller.headers['user-agent'] ?? ''),
    before: brought?.by === 'cookie' ? brought.token : null,
  }
  if (ROUTE_RIGHTS[name].right === 'anyone') return { ...NOBODY, roles: [], rights: {}, from }
  const session = brought === null ? null : people.check(brought.token)
  // The token of the machine's owner counts on this machine alone.
  if (!session || (session.isConsole === true && !isHere(caller.address))) return refuse('access.not-signed-in')
  const admitted = mayAsk(session, name)
  return isRefusal(admitted) ? admitted : { ...session, ...admitted, from, by: brought?.by ?? 'bearer' }
}

const NOBODY = { user: '', name: '', token: '', until: '', scope: [], by: 'bearer' } as const

const isHere = (address: string): boolean => /^(::ffff:)?127\.|^::1$/.test(address)
