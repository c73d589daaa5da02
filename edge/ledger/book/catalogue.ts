import type { MasterIs, RecordOf } from '@lotkeeper/protocol/ledger/master.ts'
import { type CalendarDate, type EntryId, entryId, type LotKey } from '@lotkeeper/protocol/names.ts'
import { codeKey, codesOf } from '@lotkeeper/protocol/rules/packs.ts'
import type { Database } from '../../database.ts'
import { CONFLICT_KIND, LOT_KINDS, PROVISIONAL_VERSION, redirectKind, TAG_KINDS, WHOLE_BODY } from '../apply/master.ts'
import type { Book, Item, ItemFound, LotMetRow, ProvisionalRow, TagMetRow } from '../contract.ts'
import { entryIn } from '../log.ts'
import { wordsAsked } from '../words.ts'

/**
 * Reads what the county told of things, as it rules on the node's day: the highest version that has begun, redirects followed. The records stand in
 * the log; the last ones read stay in memory, known by the hash of their entry.
 */
export const openCatalogue = (db: Database, today: () => CalendarDate): Catalogue => {
  const sql = statementsOf(db)
  const read = openRecords(sql)
  const idsBy = openSearch(db)
  const ruling = (kind: string, id: string): Ruling | null => {
    const row = sql.ruling.get({ kind, id, today: today() })
    const record = row && read(row)
    return row && record ? { ...row, record } : null
  }
  const itemHere = (id: string): (Ruling & { readonly item: Item }) | null => {
    const found = ruling('item', id)
    return found && { ...found, item: itemOf(id, found) }
  }
  const wayOf = (kind: Redirected, id: string): readonly string[] => {
    const way = [id]
    for (let to = sql.redirect.get(redirectKind(kind), id); to && !way.includes(to); to = sql.redirect.get(redirectKind(kind), to))
      way.push(to)
    return way
  }
  const lotNow = (lot: LotKey): LotKey => {
    const way = [lot]
    for (let to = sql.lotOutcome.get(lot) ?? ''; to.includes('/') && !way.includes(to); to = sql.lotOutcome.get(to) ?? '') way.push(to)
    return way.at(-1) ?? lot
  }
  /** The last on the way that is known here: a record may be named before it is told. */
  const item = openMemo(db, today, (id) =>
    wayOf('item', id).reduceRight<Item | null>((found, one) => found ?? itemHere(one)?.item ?? null, null),
  )
  const foundBy = (claim: Claim): ItemFound | null => {
    const own = itemHere(claim.item)
    const kept = item(claim.item)
    const level = own?.item.packs[claim.level]
    if (!own || !kept || !level) return null
    if (kept.item === claim.item) return { item: kept, pack: level.pack, units: level.units }
    const same = kept.packs.find((one) => codesOf(one).some((code) => codeKey(code) === claim.code)) ?? sameUnits(kept, level.units)
    return { item: kept, pack: same?.pack ?? null, units: same?.units ?? null }
  }
  /** What a person here said of a code the county does not know; a level that changed its units since is asked about anew. */
  const boundHere = (key: string): ItemFound | null => {
    const bound = sql.bound.get(key)
    const kept = bound && item(bound.item)
    const level = kept?.packs.find(({ pack, units }) => pack === bound?.pack && units === bound.units)
    return kept && level ? { item: kept, pack: level.pack, units: level.units, isBoundHere: true } : null
  }
  return {
    item,
    items: ({ search, from = 0, limit = -1 } = {}) =>
      idsBy(wordsAsked(search), { today: today(), limit, from }).flatMap((id) => itemHere(id)?.item ?? []),
    itemByCode: (code) => {
      const key = codeKey(code)
      const claims = sql.claims
        .all(key)
        .filter((claim) => sql.ruling.get({ kind: 'item', id: claim.item, today: today() })?.version === claim.version)
      // A code goes over to another item when the first one is given up, and to whoever was told last where two claim it.
      const [first] = claims.toSorted((one, other) => one.retired - other.retired || other.ord - one.ord || other.seq - one.seq)
      return first ? foundBy({ ...first, code: key }) : boundHere(key)
    },
    codeBoundBy: (code) => sql.bound.get(codeKey(code))?.entry ?? null,
    record: <Is extends Exclude<MasterIs, 'item' | 'redirect'>>(is: Is, id: string) => {
      const way = is === 'party' || is === 'certificate' ? wayOf(is, id) : [id]
      const found = way.reduceRight<Ruling | null>((known, one) => known ?? ruling(is, one), null)
      return (found?.record as RecordOf<Is> | undefined) ?? null
    },
    provisionals: () =>
      sql.provisionals
        .all()
        .flatMap((row) =>
          provisionalOf(row, { now: item, made: read(row), confirmed: itemHere(row.id), differs: sql.conflict.get(row.id) === 1 }),
        ),
    tagsMet: (limit) => sql.tagsMet.all(limit),
    lotsMet: (limit) => sql.lotsMet.all(limit).map(({ lot, said }) => lotMetOf(lot, said, lotNow)),
    lotNow,
    lotAnswered: (lot) => sql.lotOutcome.get(lot) !== undefined,
  }
}

type Catalogue = Pick<
  Book,
  'item' | 'items' | 'itemByCode' | 'codeBoundBy' | 'record' | 'provisionals' | 'tagsMet' | 'lotsMet' | 'lotNow' | 'lotAnswered'
>
type Redirected = RecordOf<'redirect'>['of']

interface Place {
  readonly ord: number
  readonly seq: number
  readonly nth: number
}
interface RulingRow extends Place {
  readonly version: number
}
interface Ruling extends RulingRow {
  readonly record: object
}
interface ClaimRow extends Pick<Place, 'ord' | 'seq'> {
  readonly item: string
  readonly version: number
  readonly level: number
  readonly retired: number
}
type Claim = Pick<ClaimRow, 'item' | 'level'> & { readonly code: string }
interface ProvisionalSqlRow extends Place {
  readonly id: string
  readonly stream: string
  readonly epoch: string
}

/** A list of the whole stock asks for the same items row by row: answers are kept until anything is written or the day changes. */
const openMemo = <Answer>(db: Database, today: () => CalendarDate, ask: (id: string) => Answer): ((id: string) => Answer) => {
  const changes = db.prepare<[], number>('select total_changes()').pluck()
  const kept = new Map<string, Answer>()
  let stamp = ''
  return (id) => {
    // What a transaction has written may yet be taken back.
    if (db.inTransaction) return ask(id)
    const now = `${changes.get()} ${today()}`
    if (now !== stamp) kept.clear()
    stamp = now
    const known = kept.get(id)
    if (known !== undefined) return known
    const answer = ask(id)
    kept.set(id, answer)
    return answer
  }
}

/** A record by its place in the log; nothing while the text of its entry is damaged. */
const openRecords = (sql: ReturnType<typeof statementsOf>) => {
  const kept = new Map<string, object>()
  return ({ ord, seq, nth }: Place): object | null => {
    const hash = sql.hash.get(seq, ord)
    if (!hash) return null
    const name = `${hash.toString('base64')} ${nth}`
    const known = kept.get(name)
    if (known) return known
    const body: { readonly records?: readonly object[] } | undefined = entryIn(sql.text.get(seq, ord) ?? '')?.body
    const record = nth === WHOLE_BODY ? body : body?.records?.[nth]
    if (!record) return null
    if (kept.size >= RECORDS_KEPT) kept.delete(kept.keys().next().value ?? '')
    kept.set(name, record)
    return record
  }
}

/** Items by their words, one statement for each number of words: the words are looked for before anything that needs another row. */
const openSearch = (db: Database) => {
  const byWords = new Map<number, ReturnType<typeof searchBy>>()
  return (
    words: readonly string[],
    page: { readonly today: CalendarDate; readonly limit: number; readonly from: number },
  ): readonly string[] => {
    const asked = words.slice(0, WORDS_MAX)
    const statement = byWords.get(asked.length) ?? searchBy(db, asked.length)
    byWords.set(asked.length, statement)
    return statement.all({ ...page, ...Object.fromEntries(asked.map((word, at) => [`word${at}`, word])) })
  }
}

const searchBy = (db: Database, words: number) =>
  db
    .prepare<[object], string>(
      `select m.id from master m where m.kind = 'item' and m.retired = 0
         ${Array.from({ length: words }, (_, at) => `and instr(m.words, @word${at}) > 0`).join(' ')}
         and m.version = (select version from master where kind = 'item' and id = m.id order by ${RULES_FIRST} limit 1)
         and coalesce((select r.words from master r where r.kind = 'to-item' and r.id = m.id order by r.version desc limit 1), '') = ''
       order by m.id limit @limit offset @from`,
    )
    .pluck()

/** More words narrow no search. */
const WORDS_MAX = 8

/** A body of the first version lacks `id`, a node's own the version and the warnings; a record says `is` and `id`. */
const itemOf = (id: string, { record, version }: Ruling): Item => {
  const { is: _is, id: _id, scan: _scan, ...rest } = record as Record<string, unknown>
  return { nearDays: [], ...rest, item: id, version } as unknown as Item
}

const sameUnits = ({ packs }: Item, units: number) => packs.find((level) => level.units === units)

interface Known {
  readonly now: (id: string) => Item | null
  readonly made: object | null
  readonly confirmed: Ruling | null
  /** The county opened a conflict: it stays as it was booked until the county makes its record after all. */
  readonly differs: boolean
}
const provisionalOf = (row: ProvisionalSqlRow, { now, made, confirmed, differs }: Known): readonly ProvisionalRow[] => {
  const current = now(row.id)
  if (!made || !current) return []
  const entry: EntryId = entryId(row.stream, row.epoch, row.seq)
  const waiting = differs ? 'conflict' : 'waiting'
  const state = current.item !== row.id ? 'redirected' : confirmed?.version === PROVISIONAL_VERSION ? waiting : 'confirmed'
  return [{ item: row.id, entry, name: (made as Pick<Item, 'name'>).name, state, now: current }]
}

const lotMetOf = (lot: LotKey, said: string | null, lotNow: (lot: LotKey) => LotKey): LotMetRow => {
  const state = said === null ? 'waiting' : said === 'confirm' ? 'confirmed' : said === 'conflict' ? 'conflict' : 'redirected'
  return { lot, state, now: lotNow(lot) }
}

/** As many as a stockroom holds of different things, and then some. */
const RECORDS_KEPT = 1_000

/** The rule of protocol/rules/ruling.ts: the highest version that has begun; before any has, the lowest. */
const RULES_FIRST = 'since <= @today desc, case when since <= @today then -version else version end'

const statementsOf = (db: Database) => ({
  ruling: db.prepare<[object], RulingRow>(
    `select version, ord, seq, nth from master where kind = @kind and id = @id order by ${RULES_FIRST} limit 1`,
  ),
  redirect: db
    .prepare<[string, string], string>('select words from master where kind = ? and id = ? order by version desc limit 1')
    .pluck(),
  claims: db.prepare<[string], ClaimRow>(
    `select c.item, c.version, c.level, m.retired, m.ord, m.seq from item_code c
     join master m on m.kind = 'item' and m.id = c.item and m.version = c.version where c.code = ?`,
  ),
  bound: db.prepare<[string], { readonly item: string; readonly pack: string; readonly units: number; readonly entry: EntryId }>(
    'select item, pack, units, entry from bound_code where code = ?',
  ),
  conflict: db.prepare<[string], number>(`select 1 from master where kind = '${CONFLICT_KIND}' and id = ?`).pluck(),
  provisionals: db.prepare<[], ProvisionalSqlRow>(
    `select m.id, m.ord, m.seq, m.nth, e.stream, e.epoch from master m join epoch e on e.ord = m.ord
     where m.kind = 'item' and m.version = ${PROVISIONAL_VERSION} order by m.ord desc, m.seq desc`,
  ),
  // A registration ends a conflict, whoever made it.
  tagsMet: db.prepare<[number], TagMetRow>(
    `select m.id as epc, m.words as lot, case
       when exists (select 1 from master a where a.kind = '${TAG_KINDS.confirmed}' and a.id = m.id) then 'confirmed'
       when exists (select 1 from master a where a.kind = '${TAG_KINDS.conflict}' and a.id = m.id) then 'conflict'
       else 'waiting' end as state
     from master m where m.kind = '${TAG_KINDS.met}' order by m.ord desc, m.seq desc limit ?`,
  ),
  lotsMet: db.prepare<[number], { readonly lot: LotKey; readonly said: string | null }>(
    `select m.id as lot, (select a.words from master a where a.kind = '${LOT_KINDS.outcome}' and a.id = m.id order by a.version desc limit 1) as said
     from master m where m.kind = '${LOT_KINDS.met}' order by m.ord desc, m.seq desc limit ?`,
  ),
  lotOutcome: db
    .prepare<[LotKey], string>(`select words from master where kind = '${LOT_KINDS.outcome}' and id = ? order by version desc limit 1`)
    .pluck(),
  hash: db
    .prepare<[number, number], Buffer>(
      'select l.hash from epoch e join log l on l.stream = e.stream and l.epoch = e.epoch and l.seq = ? where e.ord = ?',
    )
    .pluck(),
  text: db
    .prepare<[number, number], string>(
      'select l.body from epoch e join log l on l.stream = e.stream and l.epoch = e.epoch and l.seq = ? where e.ord = ?',
    )
    .pluck(),
})
