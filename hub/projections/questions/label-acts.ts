import type { HubAnswer, HubQuery } from '@lotkeeper/protocol/api/hub.ts'
import type { LabelAct } from '@lotkeeper/protocol/api/hub-labels.ts'
import { LABEL_DESIGNS_MAX } from '@lotkeeper/protocol/api/hub-labels.ts'
import { bytesOfHex } from '@lotkeeper/protocol/bytes.ts'
import { decodeEpc } from '@lotkeeper/protocol/epc/decode.ts'
import type { Entry, TagBody } from '@lotkeeper/protocol/ledger/entry.ts'
import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import { isWithin, type SiteScope } from '@lotkeeper/protocol/rules/access.ts'
import type { Database } from '../../database.ts'
import { openTold } from '../told.ts'
import { itemOf, lotNumberOf, type Names } from './names.ts'
import { readCursor, writeCursor } from './pages.ts'
import { amongSites, sitesText } from './scope.ts'

/**
 * Acts that registered tags and can be printed again, newest first. They are read off the registrations themselves: what a restored hub holds of its own
 * entries is what it can print again.
 */
export const openLabelActs = (
  db: Database,
  names: () => Names,
): ((query: HubQuery<'labelActs'>, within?: SiteScope) => HubAnswer<'labelActs'> | Refusal) => {
  const newest = db.prepare<[Bound], Found>(
    `select entry, registered_at as at from tag where registered_at <= @before and (@all or ${amongSites('site')}) and entry like 'hub>%'
     order by registered_at desc, entry desc limit ${TAGS_LOOKED_AT}`,
  )
  const ofLot = db.prepare<[Bound & { readonly lot: string }], Found>(
    `select entry, registered_at as at from tag where lot = @lot and registered_at <= @before and (@all or ${amongSites('site')}) and entry like 'hub>%'
     order by registered_at desc, entry desc limit ${TAGS_LOOKED_AT}`,
  )
  const log = openTold(db)
  const parts = db
    .prepare<[string], string>(`select stream || '/' || epoch || '/' || seq from acted where action = ? order by part`)
    .pluck()
  return ({ lot, cursor, limit = ACTS_SHOWN }, within = 'all') => {
    const key = readCursor('labelActs', ['number'], cursor)
    if (isRefusal(key)) return key
    const before = Number(key?.[0] ?? Number.MAX_SAFE_INTEGER)
    const bound = { before, all: within === 'all' ? 1 : 0, sites: sitesText(within) }
    const found = lot === undefined ? newest.all(bound) : ofLot.all({ ...bound, lot })
    const called = names()
    const seen = new Set<string>()
    const rows: LabelAct[] = []
    for (const { entry, at } of found) {
      const action = log.entry(entry)?.action ?? ''
      if (action === '' || seen.has(action)) continue
      // A page ends between two moments, so that its cursor is one.
      if (rows.length >= limit) return { rows, next: writeCursor('labelActs', [at]) }
      seen.add(action)
      const written = parts.all(action).map(log.entry)
      // With a damaged text among them nobody knows all of its labels.
      const act = written.every((one) => one !== null) ? actOf(written, called) : null
      if (act && isWithin(within, act.site)) rows.push(act)
    }
    const last = found.at(-1)
    return { rows, next: found.length < TAGS_LOOKED_AT || !last ? null : writeCursor('labelActs', [last.at - 1]) }
  }
}

interface Bound {
  readonly before: number
  /** 1: of every site. */
  readonly all: number
  readonly sites: string
}
interface Found {
  readonly entry: string
  readonly at: number
}

/** `null`: one that no label can be made of: other things were written with it, more than is printed at once, or its tags hold no SGTIN. */
const actOf = (entries: readonly Entry[], names: Names): LabelAct | null => {
  const [first] = entries
  if (!first || entries.length > LABEL_DESIGNS_MAX || !entries.every(({ kind }) => kind === 'tag')) return null
  const bodies = entries.map(({ body }) => body as TagBody)
  const schemes = new Set(bodies.map(({ epc }) => schemeOf(epc)))
  const [scheme] = schemes
  if (schemes.size !== 1 || scheme == null) return null
  const labels: LabelAct['labels'][number][] = []
  for (const { lot, pack, expiry } of bodies) {
    const item = itemOf(lot)
    const last = labels.at(-1)
    const label = { item, itemName: names.item(item).name, pack, lotNumber: lotNumberOf(lot), expiry, copies: 1 }
    if (last && last.item === item && last.pack === pack && last.lotNumber === label.lotNumber && last.expiry === expiry)
      labels[labels.length - 1] = { ...last, copies: last.copies + 1 }
    else labels.push(label)
  }
  const { action, occurredAt: at, actor, doc } = first
  return { action, at, actor, doc, site: bodies[0]?.site ?? '', epc: scheme, labels }
}

const schemeOf = (epc: string): LabelAct['epc'] | null => {
  const says = decodeEpc(bytesOfHex(epc) ?? new Uint8Array())
  if (isRefusal(says)) return null
  return says.scheme === 'SGTIN+' ? 'sgtin+' : says.scheme === 'SGTIN-96' ? 'sgtin-96' : null
}

/** Of a page of acts, when nobody says how many. */
const ACTS_SHOWN = 20
/** Registrations read for one page: twenty full acts. */
const TAGS_LOOKED_AT = 2_000
