import type { BodyOf, Entry, ItemBody } from '@lotkeeper/protocol/ledger/entry.ts'
import type { RecordOf } from '@lotkeeper/protocol/ledger/master.ts'
import { type CalendarDate, entryId, STREAM_TO_ALL } from '@lotkeeper/protocol/names.ts'
import { type Alike, openLikeness } from '@lotkeeper/protocol/rules/likeness.ts'
import type { Database } from '../../database.ts'
import { openTold } from '../told.ts'
import { type Records, RULES, STANDS_ALONE } from './records.ts'

/**
 * The items called most like a wish, of all that may be chosen today. Their names stay in memory, made when first asked for (H-051); what the county
 * said since, and whose first day has come, is looked at again before each answer.
 */
export const openAlikeItems = (db: Database, records: Records): ((wish: string) => readonly Alike[]) => {
  const whole = db.prepare<[{ readonly today: string }], { readonly id: string; readonly text: string }>(
    `select v.id, v.body ->> '$.name.zh' || ' ' || (v.body ->> 'model') as text
     from master_version v where v.kind = 'item' and ${RULES} and ${STANDS_ALONE} and v.body ->> 'retired' is null`,
  )
  const begun = db
    .prepare<[string, string], string>(`select distinct id from master_version where kind = 'item' and from_day > ? and from_day <= ?`)
    .pluck()
  const news = openNews(db)
  let names = openLikeness()
  let today: CalendarDate | null = null
  const readWhole = (): void => {
    names = openLikeness()
    for (const { id, text } of whole.iterate({ today: records.today() })) names.put(id, text)
  }
  const lookAgain = (id: string): void => {
    const record = records.resolved('item', id) === id ? records.ruling('item', id) : null
    if (record && !record.retired) names.put(id, `${record.name.zh} ${record.model}`)
    else names.drop(id)
  }
  return (wish) => {
    const said = news()
    const day = records.today()
    if (today === null || said === 'much') readWhole()
    else for (const id of new Set([...said, ...(today === day ? [] : begun.all(today, day))])) lookAgain(id)
    today = day
    return names.likest(wish, { least: LEAST_ALIKE, rows: ALIKE_ROWS })
  }
}

/** Items the county spoke of since the last time: by what of its stream is in the tables. `much`: reading them all is cheaper. */
const openNews = (db: Database): (() => readonly string[] | 'much') => {
  const applied = db.prepare<[string], { readonly epoch: string; readonly applied_seq: number }>(
    'select epoch, applied_seq from epoch where stream = ?',
  )
  const log = openTold(db)
  const heard = new Map<string, number>()
  return () => {
    const ids: string[] = []
    let much = false
    for (const { epoch, applied_seq: upto } of applied.all(STREAM_TO_ALL)) {
      const from = heard.get(epoch) ?? 0
      if (from === upto) continue
      heard.set(epoch, upto)
      // A log that is shorter than it was is another one.
      much ||= upto < from || upto - from > NEWS_MAX
      if (much) continue
      const said = Array.from({ length: upto - from }, (_, at) => log.entry(entryId(STREAM_TO_ALL, epoch, from + at + 1)))
      // What is damaged spoke of nobody knows which item.
      if (said.includes(null)) much = true
      else ids.push(...said.flatMap((entry) => (entry ? itemsIn(entry) : [])))
    }
    return much ? 'much' : ids
  }
}

const itemsIn = ({ kind, body }: Entry): readonly string[] => {
  if (kind === 'item') return [(body as ItemBody).item]
  if (kind !== 'master') return []
  return (body as BodyOf<'master'>).records.filter(isOfItem).map(({ id }) => id)
}

const isOfItem = (record: BodyOf<'master'>['records'][number]): record is RecordOf<'item'> | RecordOf<'redirect'> =>
  record.is === 'item' || (record.is === 'redirect' && record.of === 'item')

/** More entries than this are read more slowly one by one. */
const NEWS_MAX = 1_000
/** Less alike is no help to anybody. */
const LEAST_ALIKE = 40
const ALIKE_ROWS = 3
