import type { HubRoute } from '@lotkeeper/protocol/api/hub.ts'
import { isNodeId, type NodeId } from '@lotkeeper/protocol/names.ts'
import { sitesIn } from '../access/authorise.ts'
import type { Session } from '../access/caller.ts'
import type { CallerKind } from './chain.ts'

/** What a request is about, as far as it may stand in the chain: opaque ids and sites, never a name or a text somebody typed. */
export interface About {
  readonly subject: string | null
  readonly sites: readonly NodeId[]
  readonly action: string | null
}

export const aboutOf = (name: HubRoute, { query, body }: { readonly query?: unknown; readonly body?: unknown }, answer: unknown): About => {
  const [asked, sent, told] = [fieldsOf(query), fieldsOf(body), fieldsOf(answer)]
  const sites = [...new Set([...sitesIn(query), ...sitesIn(body)])].filter(isNodeId).slice(0, SITES_MAX)
  // A sign-in says a name somebody types; who it was is known when it succeeded. A search names nothing it is done to.
  const subject =
    name === 'signIn' || name === 'audit' || name === 'auditExport' ? null : (subjectIn(sent) ?? subjectIn(asked) ?? subjectIn(told))
  return { subject, sites, action: typeof sent['action'] === 'string' && ACTION.test(sent['action']) ? sent['action'] : null }
}

/** Which kind of caller a session is. */
export const kindOf = (session: Pick<Session, 'user'> | null): CallerKind => {
  if (!session || session.user === '') return 'nobody'
  if (session.user === 'admin') return 'console'
  return session.user.startsWith('m-') ? 'machine' : 'person'
}

/** What an act is called on record: its route, but for those a person asks for by another name. */
export const actOf = (name: HubRoute, ok: boolean): string => {
  if (name === 'signIn') return ok ? 'sign-in' : 'sign-in-failed'
  return name === 'signOut' ? 'session-ended' : name
}

const subjectIn = (fields: Readonly<Record<string, unknown>>): string | null => {
  for (const [name, form] of SUBJECTS) {
    const value = fields[name]
    if ((typeof value === 'string' || typeof value === 'number') && form.test(String(value))) return String(value)
  }
  return null
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}

const ID = /^[A-Za-z0-9][A-Za-z0-9._~>*/-]{0,95}$/
/** Fields that name one thing by an id of the system's own making, the one that says most first. */
const SUBJECTS: readonly (readonly [string, RegExp])[] = [
  ...(['user', 'person', 'keeper', 'machine', 'webhook'] as const).map((name) => [name, /^[a-z]{1,2}-[A-Za-z0-9_-]{4,64}$/] as const),
  ...(['id', 'item', 'party', 'certificate', 'portal', 'costCentre', 'entry', 'aside', 'act', 'import', 'seq'] as const).map(
    (name) => [name, ID] as const,
  ),
  ...(['epc', 'lot', 'place', 'file', 'node', 'site', 'kind'] as const).map((name) => [name, ID] as const),
]
const ACTION = /^[A-Za-z0-9._:~-]{8,64}$/
/** More sites than a county has. */
const SITES_MAX = 64
