import type { HubRoute } from '@lotkeeper/protocol/api/hub.ts'
import { auditedOf } from '@lotkeeper/protocol/api/hub-audited.ts'
import { ROUTE_RIGHTS } from '@lotkeeper/protocol/api/hub-rights.ts'
import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import type { Session } from '../access/caller.ts'
import { aboutOf, actOf, kindOf } from './about.ts'
import type { Audit } from './audit.ts'
import { openCalm } from './calm.ts'
import type { AuditNote } from './chain.ts'
import { withoutSecrets } from './secrets.ts'
import type { Standings } from './standing.ts'

/** From where a request came. */
export interface From {
  readonly address: string
  readonly agent: string
}
/** One request on its way to its answer. */
export interface Underway {
  readonly query?: unknown
  readonly body?: unknown
  readonly who: Pick<Session, 'user'> | null
  readonly from: From
}
/** The one place where requests are put on record. */
export interface Audited {
  /** Does what a request asks and puts it on record before anybody hears of it; what must be on record and cannot be is not done. */
  readonly around: (name: HubRoute, request: Underway, act: () => Promise<object | Refusal>) => Promise<object | Refusal>
  /** A request that was refused before it was read. */
  readonly denied: (name: HubRoute, request: Underway, refusal: Refusal) => Promise<void>
}

export interface AuditedParts {
  readonly audit: Pick<Audit, 'note' | 'mayAct' | 'missed'>
  readonly standings: Standings
  readonly now: () => number
}

export const openAudited = ({ audit, standings, now }: AuditedParts): Audited => {
  const calm = openCalm(now)
  const noteDenied = async (name: HubRoute, request: Underway, outcome: string) => {
    const { who, from } = request
    if (auditedOf(name) === 'no' && kindOf(who) === 'nobody') return
    const note = rowOf(name, request, { outcome, answer: null })
    const count = calm.due([note.who ?? from.address, note.act, outcome].join(' '))
    await noteCounted(calm, audit)
    if (count === 0) return
    if (audit.mayAct()) audit.missed()
    else await audit.note({ ...note, count })
  }
  return {
    denied: (name, request, refusal) => noteDenied(name, request, refusal.code),
    around: async (name, request, act) => {
      const kept = auditedOf(name)
      const unwritable = kept === 'no' ? null : audit.mayAct()
      // Whoever comes to make room must be let in.
      const isHeld = kept === 'write' && name !== 'signIn'
      if (unwritable && isHeld) {
        audit.missed()
        return unwritable
      }
      const stands = kept === 'write' ? standings[name] : undefined
      const body = (request.body ?? {}) as Readonly<Record<string, unknown>>
      const before = stands ? await stands(body) : null
      const put = async (outcome: string, answer: object | null): Promise<Refusal | null> => {
        if (unwritable) {
          audit.missed()
          return null
        }
        const after = stands && outcome === 'ok' ? await stands(body) : null
        return audit.note(rowOf(name, request, { outcome, answer, before, after }))
      }
      let answered: object | Refusal
      try {
        answered = await act()
      } catch (cause) {
        // What broke half-way may have changed something: that is said, and the fault goes on to whoever knows faults.
        if (kept !== 'no') await put('api.fault', null)
        throw cause
      }
      if (isRefusal(answered) && isDenied(answered.code)) {
        await noteDenied(name, request, answered.code)
        return answered
      }
      if (kept === 'no') return answered
      const refused = await put(isRefusal(answered) ? answered.code : 'ok', isRefusal(answered) ? null : answered)
      return refused && isHeld ? refused : answered
    },
  }
}

/** Refusals anybody can bring about as often as they like: those alike are counted. */
const isDenied = (code: string): boolean => code.startsWith('access.') || code === 'api.request-malformed' || code.startsWith('api.action-')

const noteCounted = async (calm: ReturnType<typeof openCalm>, audit: AuditedParts['audit']): Promise<void> => {
  for (const { kind, count } of calm.left()) {
    const [, act = '', outcome = ''] = kind.split(' ')
    if (!audit.mayAct()) await audit.note({ who: null, kind: 'nobody', act: act || 'refused', outcome: outcome || 'refused', count })
  }
}

interface Ended {
  readonly outcome: string
  readonly answer: object | null
  readonly before?: object | null
  readonly after?: object | null
}

/** Who asked is known by the answer. */
const SIGNING_IN: ReadonlySet<HubRoute> = new Set(['signIn', 'setUp', 'redeemCode'])

const rowOf = (name: HubRoute, { query, body, who, from }: Underway, { outcome, answer, before, after }: Ended): AuditNote => {
  const signedIn = SIGNING_IN.has(name) && outcome === 'ok' ? (answer as Session) : null
  const enrolled = name === 'enrol' && outcome === 'ok' ? ((body as { readonly node?: string }).node ?? null) : null
  const caller = signedIn ?? who
  const kept = auditedOf(name) === 'write' ? { body, before, after, answer: signedIn ? null : given(answer) } : { rows: rowsIn(answer) }
  return {
    who: enrolled ?? (caller && caller.user !== '' ? caller.user : null),
    kind: enrolled === null ? kindOf(caller) : 'node',
    act: actOf(name, outcome === 'ok'),
    right: ROUTE_RIGHTS[name].right,
    ...aboutOf(name, { query, body }, answer),
    outcome,
    detail: filled({ ...from, ...(withoutSecrets({ query, ...kept }) as object) }),
  }
}

/** A file that was given is named, not kept. */
const given = (answer: object | null): object | null =>
  answer && 'content' in answer ? Object.fromEntries(Object.entries(answer).filter(([name]) => name !== 'content')) : answer

const rowsIn = (answer: object | null): number | null => {
  const rows = (answer as { readonly rows?: unknown } | null)?.rows
  return Array.isArray(rows) ? rows.length : null
}

const filled = (detail: object): object =>
  Object.fromEntries(Object.entries(detail).filter(([, part]) => part !== null && part !== undefined))
