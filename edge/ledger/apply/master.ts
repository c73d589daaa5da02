import type { Entry, ItemBody, TagBody } from '@lotkeeper/protocol/ledger/entry.ts'
import type { MasterRecord, OutcomeBody, ProvisionalBody, RecordOf } from '@lotkeeper/protocol/ledger/master.ts'
import { lotKey } from '@lotkeeper/protocol/names.ts'
import { codeKey, codesOf } from '@lotkeeper/protocol/rules/packs.ts'
import type { Database } from '../../database.ts'
import { plainText } from '../words.ts'

/**
 * What the county tells of things, and what this node met before the county knew it. Every version is kept as its place in the log, never as a
 * second copy of its text; which one rules is decided when it is read.
 */
export interface Master {
  readonly told: (entry: Entry, records: readonly MasterRecord[]) => void
  /** An item as hubs of the first version told it: the whole body is the record. */
  readonly item: (entry: Entry, body: ItemBody) => void
  /** An item this node made itself: version 0, so that whatever the county says comes before it; a tag it bound to a lot; a lot somebody wrote. */
  readonly provisional: (entry: Entry, body: ProvisionalBody) => void
  /** What the county answered; what a confirmed or redirected item is now, its records say themselves. */
  readonly outcome: (entry: Entry, body: OutcomeBody) => void
  /** The county registered a tag: if this node bound it to that lot before, it was right. */
  readonly registered: (entry: Entry, body: TagBody) => void
}

export const openMaster = (db: Database): Master => {
  const ord = db.prepare<[string, string], number>('select ord from epoch where stream = ? and epoch = ?').pluck()
  const row = db.prepare<[RowSql]>(
    `insert into master (kind, id, version, since, retired, ord, seq, nth, words)
     values (@kind, @id, @version, @since, @retired, @ord, @seq, @nth, @words) on conflict do nothing`,
  )
  const code = db.prepare<[string, string, number, number]>(
    'insert into item_code (code, item, version, level) values (?, ?, ?, ?) on conflict do nothing',
  )
  const boundTo = db.prepare<[string], string>(`select words from master where kind = '${TAG_KINDS.met}' and id = ?`).pluck()
  const keep = (entry: Entry, { nth = WHOLE_BODY, ...told }: Kept): boolean => {
    const place = { ord: ord.get(entry.stream, entry.epoch) ?? 0, seq: entry.seq, nth }
    return row.run({ since: '', retired: 0, words: '', ...told, ...place }).changes > 0
  }
  const keepItem = (entry: Entry, item: Named, rest: Partial<Kept> = {}): void => {
    // The same version told twice: what came first stands, its codes with it.
    if (!keep(entry, { kind: 'item', id: item.id, version: item.version, words: wordsOf(item), ...rest })) return
    for (const [level, pack] of item.packs.entries()) for (const one of codesOf(pack)) code.run(codeKey(one), item.id, item.version, level)
  }
  const keepRecord = (entry: Entry, record: MasterRecord, nth: number): void => {
    const { is, id, version } = record
    if (record.is === 'redirect') {
      keep(entry, { kind: redirectKind(record.of), id, version, nth, words: record.to ?? '' })
      return
    }
    const ruling = { since: record.from ?? '', retired: record.retired ? 1 : 0, nth }
    if (record.is === 'item') keepItem(entry, record, ruling)
    else keep(entry, { kind: is, id, version, ...ruling })
  }
  return {
    told: (entry, records) => {
      for (const [nth, record] of records.entries()) keepRecord(entry, record, nth)
    },
    item: (entry, body) => keepItem(entry, { ...body, id: body.item }),
    provisional: (entry, body) => {
      if (body.is === 'item') keepItem(entry, { ...body, id: body.item, version: PROVISIONAL_VERSION })
      else if (body.is === 'lot') keep(entry, { kind: LOT_KINDS.met, id: lotKey(body.item, body.lotNumber), version: PROVISIONAL_VERSION })
      else keep(entry, { kind: TAG_KINDS.met, id: body.epc, version: PROVISIONAL_VERSION, words: lotKey(body.item, body.lotNumber) })
    },
    outcome: (entry, { is, id, answer, to, version = 1 }) => {
      if (is === 'lot') keep(entry, { kind: LOT_KINDS.outcome, id, version, words: to ?? answer })
      else if (answer === 'conflict') keep(entry, { kind: is === 'item' ? CONFLICT_KIND : TAG_KINDS.conflict, id, version: 1 })
    },
    registered: (entry, { epc, lot }) => {
      if (boundTo.get(epc) === lot) keep(entry, { kind: TAG_KINDS.confirmed, id: epc, version: 1 })
    },
  }
}

/** `nth` of a row whose record is the whole body of its entry. */
export const WHOLE_BODY = -1
/** Version of an item no county has spoken of. */
export const PROVISIONAL_VERSION = 0
/** `kind` of the rows that say the county could not make one thing of an item and what it knows. */
export const CONFLICT_KIND = 'conflict'
/** `kind` of the rows that say what became of a tag this node bound; `words` of the first is the lot. */
export const TAG_KINDS = { met: 'tag-met', confirmed: 'tag-confirmed', conflict: 'tag-conflict' } as const
/**
 * `kind` of the rows of lots whose number somebody wrote, and of what the county made of any lot: `words` is the lot it is, which has a slash, or the
 * answer.
 */
export const LOT_KINDS = { met: 'lot-met', outcome: 'lot-outcome' } as const
/** `kind` of the rows that say a record is another; `words` names it, and is empty where the redirect was taken back. */
export const redirectKind = (of: RecordOf<'redirect'>['of']): string => `to-${of}`

type Named = Pick<RecordOf<'item'>, 'id' | 'version' | 'name' | 'model' | 'specification' | 'packs'>
interface RowSql {
  readonly kind: string
  readonly id: string
  readonly version: number
  readonly since: string
  readonly retired: number
  readonly ord: number
  readonly seq: number
  readonly nth: number
  readonly words: string
}
type Kept = Pick<RowSql, 'kind' | 'id' | 'version'> & Partial<RowSql>

/** What an item is found by, as it is looked for. */
const wordsOf = ({ id, name, model, specification, packs }: Named): string =>
  plainText([id, name.zh, name.en, model, specification ?? '', ...packs.map(({ gtin }) => gtin ?? '')].join('\n'))
