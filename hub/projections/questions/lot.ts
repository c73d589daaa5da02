import type { HubAnswer, HubQuery } from '@lotkeeper/protocol/api/hub.ts'
import type { LotView } from '@lotkeeper/protocol/api/views.ts'
import { entryOf, HUB, writerOf } from '@lotkeeper/protocol/names.ts'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { isWithin, type SiteScope } from '@lotkeeper/protocol/rules/access.ts'
import type { Database } from '../../database.ts'
import { type LotDaysFound, openLotDays } from '../lot-days.ts'
import type { GenealogyQuestions } from './genealogy.ts'
import { openLotsNow } from './lots-now.ts'
import type { MovementQuestions } from './movements.ts'
import { itemOf, lotNumberOf, type Names } from './names.ts'
import { amongSites, openLotSight, ownerOfPlace, ownerSql, sitesText } from './scope.ts'

/** Movements one lot's journey shows, newest first; older ones are asked for page by page. */
export const JOURNEY_ROWS_MAX = 500
/** Tags one lot shows. */
export const LOT_TAGS_MAX = 500

/** Where a lot is, where it went, its journey, its tags and its next of kin. */
export const openLot = (
  db: Database,
  names: () => Names,
  rooms: { readonly movements: MovementQuestions; readonly kin: GenealogyQuestions['kin'] },
): ((query: HubQuery<'lot'>, within?: SiteScope) => HubAnswer<'lot'> | Refusal) => {
  const led = openLotsNow(db)
  const days = openLotDays(db)
  const fact = db.prepare<[string], { readonly expiry: string | null }>('select expiry from lot where lot = ?')
  const positions = db.prepare<[Bound], Position>(
    `select place, units from position where lot = @lot and units <> 0 and ${seenBy(amongSites(ownerSql('place')))} order by place`,
  )
  const flows = db.prepare<[Bound], Flow>(
    `select src, dst, units, n, first, last from flow where lot = @lot
     and ${seenBy(`(${amongSites(ownerSql('src'))} or ${amongSites(ownerSql('dst'))})`)} order by first, src, dst`,
  )
  const tags = db.prepare<[Bound & { readonly rows: number }], Tag>(
    `select t.epc, t.units, t.pack, t.site, p.place from tag t left join tag_position p on p.epc = t.epc
     where t.lot = @lot and t.ended is null and ${seenBy(`coalesce(${amongSites(ownerSql('p.place'))}, ${amongSites('t.site')})`)} order by t.epc limit @rows`,
  )
  const isSeen = openLotSight(db)
  return ({ lot }, within = 'all') => {
    const known = isSeen(lot, within) ? fact.get(lot) : undefined
    const bound = { lot, all: within === 'all' ? 1 : 0, sites: sitesText(within) }
    if (!known) return refuse('api.not-found', { lot })
    const called = names()
    const item = called.item(itemOf(lot))
    return {
      lot,
      now: led.now(lot),
      metAs: led.metAs(lot).filter((other) => isSeen(other, within)),
      item,
      lotNumber: lotNumberOf(lot),
      expiry: known.expiry,
      ...called.expiry(item.item, known.expiry, COUNTY),
      whereIs: positions.all(bound).map((row) => ({ ...row, site: ownerOfPlace(row.place), placeName: called.place(row.place) })),
      whereWent: flows.all(bound).map((row) => wentRow(row, called)),
      journey: [...rooms.movements.ofLot(lot, JOURNEY_ROWS_MAX, within)],
      tags: tags.all({ ...bound, rows: LOT_TAGS_MAX }),
      ...rooms.kin(lot, within),
      ...daysShown(days(lot), within),
    }
  }
}

/** Shown where there is something to say: several days, or an answer. What a node answered and the hub repeated to all is shown once. */
const daysShown = ({ open, told, answers }: LotDaysFound, within: SiteScope): Pick<LotView, 'days'> => {
  if (told.length < 2 && answers.length === 0) return {}
  const rows = answers.map(({ occurred, told: _, ...answer }) => ({
    ...answer,
    at: occurred,
    by: writerOf(entryOf(answer.entry)?.stream ?? ''),
  }))
  const isRepeat = (row: (typeof rows)[number]): boolean =>
    row.by === HUB && rows.some((other) => other.by !== HUB && other.version === row.version && other.expiry === row.expiry)
  return {
    days: {
      open: [...open],
      told: [...told],
      answers: rows.filter((row) => !isRepeat(row) && (row.by === HUB || isWithin(within, row.by))),
    },
  }
}

interface Bound {
  readonly lot: string
  /** 1: every site is seen. */
  readonly all: number
  readonly sites: string
}
/** SQL: what is seen of all sites, or of these. */
const seenBy = (condition: string): string => `(@all or ${condition})`

interface Position {
  readonly place: string
  readonly units: number
}
interface Flow {
  readonly src: string
  readonly dst: string
  readonly units: number
  readonly n: number
  readonly first: string
  readonly last: string
}
type Tag = LotView['tags'][number]

/** No site of that name: the county's own zone rules the day. */
const COUNTY = ''

const wentRow = (row: Flow, names: Names): LotView['whereWent'][number] => ({
  from: row.src,
  to: row.dst,
  fromName: names.place(row.src),
  toName: names.place(row.dst),
  units: row.units,
  movements: row.n,
  first: row.first,
  last: row.last,
})
