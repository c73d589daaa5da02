import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { type Caller, cookieFor, cookieOf, tokenOf } from '../access/caller.ts'
import type { Audit } from '../audit/audit.ts'
import type { Oidc } from '../people/oidc.ts'
import type { People } from '../people/people.ts'

/** Where a browser is led next, and the cookies it is given. */
export interface Led {
  readonly to: string
  readonly cookies: readonly string[]
}

/** The two addresses a browser is led through at a sign-in by the identity provider; they answer by leading it on, so they stand in no table. */
export interface OidcSteps {
  readonly start: (caller: Caller) => Promise<Led>
  /** `url`: path and query the provider sent the browser to. */
  readonly callback: (url: string, caller: Caller) => Promise<Led>
}

export interface OidcStepParts {
  readonly oidc: Oidc
  readonly people: Pick<People, 'signInBySso'>
  readonly audit: Pick<Audit, 'note' | 'mayAct' | 'missed'>
  readonly now: () => number
}

/** The state is bound to the browser by a cookie of its own: nobody is signed in by a link somebody else began. */
export const openOidcSteps = ({ oidc, people, audit, now }: OidcStepParts): OidcSteps => ({
  start: async ({ secure, headers }) => {
    // Another site may lead somebody here by a link, and would know whom it signs in.
    if (headers['sec-fetch-site'] === 'cross-site') return backWith(refuse('access.origin-foreign'))
    const started = await oidc.start()
    if (isRefusal(started)) return backWith(started)
    // Lax: it must come along when the provider, another site, leads the browser back.
    return { to: started.url, cookies: [stateCookie(secure, started.state, STATE_S)] }
  },
  callback: async (url, caller) => {
    const from = { address: caller.address, agent: String(caller.headers['user-agent'] ?? '') }
    const said = await oidc.finish(url, cookieOf(caller, stateName(caller.secure)))
    // A session the browser had before ends, whoever put it there.
    const brought = tokenOf(caller)
    const before = brought?.by === 'cookie' ? brought.token : null
    const session = isRefusal(said) ? said : people.signInBySso(said, { ...from, before })
    if (isRefusal(session)) {
      await audit.note({ who: null, kind: 'nobody', act: 'sign-in-failed', outcome: session.code, detail: { ...from, by: 'oidc' } })
      return backWith(session)
    }
    // As by password: whoever comes to make room on a full disk must be let in.
    if (audit.mayAct()) audit.missed()
    else await audit.note({ who: session.user, kind: 'person', act: 'sign-in', outcome: 'ok', detail: { ...from, by: 'oidc' } })
    return { to: '/', cookies: [cookieFor(session, caller.secure, now()), stateCookie(caller.secure, '', 0)] }
  },
})

/** The page shows why; only the code goes into its address. */
const backWith = ({ code }: Refusal): Led => ({ to: `/?refused=${encodeURIComponent(code)}`, cookies: [] })

/** Under TLS it is this host's own: no other name, port or plain page can have put it there [RFC 6265bis 4.1.3.2]. */
const stateName = (secure: boolean): string => (secure ? '__Host-lotkeeper-oidc' : 'lotkeeper-oidc')
const stateCookie = (secure: boolean, state: string, seconds: number): string =>
  `${stateName(secure)}=${state}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}${secure ? '; Secure' : ''}`

/** As long as the provider's door stays open for one sign-in. */
const STATE_S = 600
