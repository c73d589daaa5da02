import { randomBytes } from 'node:crypto'
import type { HubAnswer, HubBody, HubQuery } from '@lotkeeper/protocol/api/hub.ts'
import type { MachineView } from '@lotkeeper/protocol/api/hub-people.ts'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { type Grant, type Right, scopeOf } from '@lotkeeper/protocol/rules/access.ts'
import type { Session } from '../access/caller.ts'
import { digestOf, sameText } from './digests.ts'
import { paged } from './paged.ts'
import { heldBy } from './sessions.ts'
import type { MachineRow, PeopleStore } from './store.ts'

/** Machines that call the API under a key: `lk_ID_SECRET`, told once and kept as a digest. */
export interface Machines {
  readonly list: (query: HubQuery<'machines'>) => HubAnswer<'machines'> | Refusal
  readonly save: (body: HubBody<'saveMachine'>, by: string) => HubAnswer<'saveMachine'> | Refusal
  readonly end: (machine: string) => MachineView | Refusal
  /** The session of a key, or `null`; noted as used. */
  readonly check: (key: string) => (Session & { readonly perMinute: number }) | null
}

export interface MachinesParts {
  readonly store: Pick<PeopleStore, 'machines'>
  readonly changed: (machine: string) => void
  readonly now: () => number
}

export const openMachines = ({ store: { machines }, changed, now }: MachinesParts): Machines => {
  const held = new WeakMap<MachineRow, Pick<Session, 'roles' | 'rights'>>()
  const heldOf = (row: MachineRow): Pick<Session, 'roles' | 'rights'> => {
    const before = held.get(row) ?? heldBy(row)
    held.set(row, before)
    return before
  }
  const stateOf = ({ endedMs, untilMs }: MachineRow): MachineView['state'] =>
    endedMs > 0 ? 'ended' : untilMs <= now() ? 'expired' : 'active'
  const viewOf = (row: MachineRow): MachineView => ({
    ...{ machine: row.id, name: row.name, scopes: row.scopes ? [...row.scopes] : null, perMinute: row.perMinute, madeBy: row.madeBy },
    roles: heldBy(row).roles,
    state: stateOf(row),
    madeAt: new Date(row.madeMs).toISOString(),
    until: new Date(row.untilMs).toISOString(),
    seenAt: row.seenMs === 0 ? null : new Date(row.seenMs).toISOString(),
  })
  return {
    list: (query) => {
      const rows = machines.all().toSorted((one, other) => other.madeMs - one.madeMs)
      return paged(rows, query, ({ id }) => id, viewOf)
    },
    save: ({ name, roles, scopes, days, perMinute }, by) => {
      const grants = roles as readonly Grant[]
      const beyond = (scopes ?? []).find((right) => scopeOf({ grants }, right as Right) === null)
      if (beyond !== undefined) return refuse('access.scope-beyond', { right: beyond })
      const [id, secret] = [`m-${randomBytes(8).toString('hex')}`, randomBytes(32).toString('base64url')]
      const times = { madeMs: now(), untilMs: now() + days * 86_400_000, seenMs: 0, endedMs: 0 }
      const row = {
        id,
        key: digestOf(secret),
        name: name.trim(),
        grants,
        scopes: scopes as readonly Right[] | null,
        perMinute,
        madeBy: by,
        ...times,
      }
      machines.put(row)
      return { machine: viewOf(row), key: `${KEY_PREFIX}${id}_${secret}` }
    },
    end: (machine) => {
      const row = machines.get(machine)
      if (!row) return refuse('access.machine-unknown', { machine })
      const ended = { ...row, endedMs: row.endedMs || now() }
      machines.put(ended)
      changed(machine)
      return viewOf(ended)
    },
    check: (key) => {
      const [, id = '', secret = ''] = KEY.exec(key) ?? []
      const row = machines.get(id)
      if (!row || !sameText(row.key, digestOf(secret)) || stateOf(row) !== 'active') return null
      if (now() - row.seenMs >= SEEN_EVERY_MS) machines.putLoosely({ ...row, seenMs: now() })
      const until = new Date(row.untilMs).toISOString()
      return { ...heldOf(row), user: row.id, name: row.name, token: key, until, perMinute: row.perMinute }
    },
  }
}

/** By it keys are told from sessions, and found by scanners for leaked secrets. */
export const KEY_PREFIX = 'lk_'
const KEY = /^lk_(m-[0-9a-f]{16})_([A-Za-z0-9_-]{43})$/
const SEEN_EVERY_MS = 60_000
