import { MASKED } from '@lotkeeper/protocol/sensitive.ts'
import { useContext, useState } from 'react'
import { useAct } from '../../parts/act.ts'
import type { Trouble } from '../../parts/door.ts'
import { ShelfContext } from '../../parts/shelf.ts'
import { useCounty } from '../county.ts'
import type { Hub } from '../hub.ts'
import type { Fields } from './fields.ts'

/** The kinds of records people edit here. */
export type RecordIs = keyof typeof ROUTES

/** Somebody else saved a version while this one was being written: all three, for a person to choose. */
export interface Clash {
  readonly began: Fields
  readonly mine: Fields
  readonly theirs: Fields
  readonly version: number
  readonly who: string | null
  readonly at: string | null
}

export interface Saving {
  readonly sending: boolean
  readonly trouble: Trouble | null
  readonly clash: Clash | null
  /** Saves a new record, or a change of the version it began from; `true` when it is saved. */
  readonly send: (mine: Fields, knownVersion?: number) => Promise<boolean>
  readonly forget: () => void
}

/** Saves records of one kind. What was saved meanwhile by somebody else is never overwritten: it is read, and both are shown. */
export const useSave = (is: RecordIs, id: string, began: Fields | null): Saving => {
  const { hub } = useCounty()
  const shelf = useContext(ShelfContext)
  const [clash, setClash] = useState<Clash | null>(null)
  const routes = ROUTES[is]
  const act = useAct((action, asked: Fields) => hub.ask(routes.save as 'saveParty', { body: { action, ...asked } as never }))
  const send = async (mine: Fields, knownVersion?: number): Promise<boolean> => {
    const answer = await act.send({ ...mine, [routes.id]: id, ...(knownVersion === undefined ? {} : { knownVersion }) })
    if (!answer) return false
    if (answer.ok) {
      setClash(null)
      shelf.renew(...RENEWED)
      return true
    }
    if (answer.trouble.code !== STALE) return false
    const latest = await latestOf(hub, is, id)
    if (!latest) return false
    setClash({ began: began ?? {}, mine, theirs: fieldsIn(latest.record), version: latest.version, who: latest.actor, at: latest.at })
    act.clear()
    return false
  }
  return { sending: act.state === 'sending', trouble: act.trouble, clash, send, forget: () => setClash(null) }
}

/** What a record says, without the head that counts its versions and what whoever looks may not see: that is never sent back. */
export const fieldsIn = ({ id: _, item: __, version: ___, ...fields }: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== MASKED))

interface Latest {
  readonly record: Fields
  readonly version: number
  readonly actor: string | null
  readonly at: string | null
}

/** The highest version; of a site it is not told who wrote it. */
const latestOf = async (hub: Hub, is: RecordIs, id: string): Promise<Latest | null> => {
  if (is === 'site') {
    const sites = await hub.ask('sites')
    const record = sites.ok ? sites.value.rows.find((one) => one.site === id) : undefined
    return record ? { record, version: record.version, actor: null, at: null } : null
  }
  const { read, id: name } = ROUTES[is]
  const answer = await hub.ask(read as 'party', { query: { [name]: id } as never })
  const [latest] = answer.ok ? answer.value.history : []
  return answer.ok && latest ? { record: latest.record as Fields, version: answer.value.latest, actor: latest.actor, at: latest.at } : null
}

/** Where a kind is saved and read, and what its id is called. */
const ROUTES = {
  item: { save: 'createItem', read: 'item', id: 'item' },
  party: { save: 'saveParty', read: 'party', id: 'id' },
  certificate: { save: 'saveCertificate', read: 'certificate', id: 'id' },
  portal: { save: 'savePortal', read: 'portal', id: 'id' },
  'cost-centre': { save: 'saveCostCentre', read: 'costCentre', id: 'id' },
  site: { save: 'createSite', read: 'sites', id: 'site' },
} as const
/** What a record stands in: its own page, lists, permits, what is found, what sites met, and sites. */
const RENEWED = ['item', 'part', 'certificate', 'portal', 'costCentre', 'permits', 'find', 'provisionals ', 'sites '] as const
const STALE = 'catalog.version-stale'
