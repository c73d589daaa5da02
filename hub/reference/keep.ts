import type { Database } from '../database.ts'
import type { Device, DeviceRest } from './device.ts'
import { TERM_KINDS, type TermKind } from './form.ts'

/** What became of a record: it was new, newer than what was known, the same, or older. */
export type Kept = 'added' | 'changed' | 'same' | 'older'

/** Keeps devices in the file, one row for each DI: the highest version, and of one version what was said last. Within the caller's transaction. */
export const openKeeping = (db: Database): ((device: Device) => Kept) => {
  const termOf = openTerms(db)
  const codes = openCodes(db)
  const found = db.prepare<[string], Row>(`select d.id, d.version, d.name, d.trade, d.maker, d.certificate, d.model, d.withdrawn, d.rest
    from code c cross join device d on d.id = c.device where c.code = ? and c.own = 1`)
  const added = db.prepare<Bound>(
    'insert into device (di, version, name, trade, maker, certificate, model, withdrawn, rest) values (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const changed = db.prepare<[...Bound, number]>(
    'update device set di = ?, version = ?, name = ?, trade = ?, maker = ?, certificate = ?, model = ?, withdrawn = ?, rest = ? where id = ?',
  )
  return (device) => {
    const { di, version, model, withdrawn } = device
    const before = found.get(di)
    if (before && before.version > version) return 'older'
    const terms = [termOf('name', device.name), termOf('trade', device.trade), termOf('maker', device.maker)] as const
    const bound: Bound = [
      ...([di, version] as const),
      ...([terms[0] ?? 0, terms[1], terms[2], termOf('certificate', device.certificate)] as const),
      ...([model, withdrawn, device.rest] as const),
    ]
    if (!before) {
      codes.add(Number(added.run(...bound).lastInsertRowid), device.codes)
      return 'added'
    }
    if (isSame(before, bound)) return 'same'
    changed.run(...bound, before.id)
    codes.change(before, device.codes)
    return 'changed'
  }
}

type Bound = [
  di: string,
  version: number,
  name: number,
  trade: number | null,
  maker: number | null,
  certificate: number | null,
  model: string,
  withdrawn: string,
  rest: string,
]
interface Row {
  readonly id: number
  readonly version: number
  readonly name: number
  readonly trade: number | null
  readonly maker: number | null
  readonly certificate: number | null
  readonly model: string
  readonly withdrawn: string
  readonly rest: string
}

const isSame = (row: Row, [, version, name, trade, maker, certificate, model, withdrawn, rest]: Bound): boolean =>
  row.version === version &&
  row.name === name &&
  row.trade === trade &&
  row.maker === maker &&
  row.certificate === certificate &&
  row.model === model &&
  row.withdrawn === withdrawn &&
  row.rest === rest

/** Every code of a record leads to it; those of an earlier version that are gone lead there no longer. */
const openCodes = (db: Database) => {
  const insert = db.prepare<[string, number, number]>('insert or ignore into code (code, own, device) values (?, ?, ?)')
  const remove = db.prepare<[string, number]>('delete from code where code = ? and device = ?')
  const add = (device: number, codes: string) => {
    for (const [at, code] of codes.split(' ').entries()) insert.run(code, at === 0 ? 1 : 0, device)
  }
  const change = ({ id, rest }: Row, codes: string) => {
    for (const { code } of (JSON.parse(rest) as DeviceRest).packs) remove.run(code, id)
    add(id, codes)
  }
  return { add, change }
}

/** The number of a shared text, given when it is first met. */
const openTerms = (db: Database) => {
  const known = new Map<string, number>()
  const found = db.prepare<[number, string], { readonly id: number }>('select id from term where kind = ? and text = ?')
  const added = db.prepare<[number, string]>('insert into term (kind, text) values (?, ?)')
  return (kind: TermKind, text: string): number | null => {
    if (text === '') return null
    const number = TERM_KINDS.indexOf(kind)
    const key = `${number}${text}`
    const before = known.get(key)
    if (before !== undefined) return before
    const id = found.get(number, text)?.id ?? Number(added.run(number, text).lastInsertRowid)
    if (known.size >= TERMS_KNOWN_MAX) known.clear()
    known.set(key, id)
    return id
  }
}
/** Texts whose numbers are held in memory: records of one product stand together, so that a few are enough. */
const TERMS_KNOWN_MAX = 20_000
