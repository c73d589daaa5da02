import type { Entry, ItemBody, Line, SiteBody } from '@lotkeeper/protocol/ledger/entry.ts'
import { lotOf, writerOf } from '@lotkeeper/protocol/names.ts'
import { type Database, openDatabase } from '../../database.ts'
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION } from '../../ledger/sqlite/schema.ts'

/** A county's tables written row by row for tests: what the questions must find, put there without the code that usually puts it. */
export interface WrittenCounty {
  readonly db: Database
  readonly site: (body: Omit<SiteBody, 'version'>) => void
  readonly item: (body: Partial<ItemBody> & Pick<ItemBody, 'item'>) => void
  readonly lot: (lot: string, expiry: string | null) => void
  /** Books one entry with these lines and answers the `mv` of its first. */
  readonly entry: (written: Partial<Entry> & Pick<Entry, 'lines'>, receivedAtMs?: number) => number
  /** Any other row. */
  readonly row: (table: string, columns: Row, otherwise?: string) => void
  readonly close: () => void
}

export const EPOCH = '00112233445566aa'
/** 2026-11-22 11:24 in Shanghai. */
export const NOW_MS = Date.parse('2026-11-22T03:24:00.000Z')

export const writeCounty = (): WrittenCounty => {
  const opened = openDatabase(':memory:', { applicationId: APPLICATION_ID, version: SCHEMA_VERSION, schema: SCHEMA })
  const { db } = opened
  const row: WrittenCounty['row'] = (table, columns, otherwise = '') => {
    const names = Object.keys(columns)
    db.prepare(`insert into ${table} (${names}) values (${names.map(() => '?')}) ${otherwise}`).run(...Object.values(columns))
  }
  let seq = 0
  let mv = 0
  const writeEntry: WrittenCounty['entry'] = (written, receivedAtMs = NOW_MS) => {
    seq += 1
    const entry = { ...BLANK, ...written, seq }
    const { stream, epoch } = entry
    row('log', { stream, epoch, seq, hash: Buffer.alloc(32, seq % 256), received_at: receivedAtMs, ord: seq, body: JSON.stringify(entry) })
    row('acted', { action: entry.action, part: entry.part, stream, epoch, seq }, 'on conflict do nothing')
    const first = mv + 1
    entry.lines.forEach((one, at) => {
      mv += 1
      writeLine(row, entry, { line: one, at, mv })
    })
    return first
  }
  return {
    db,
    row,
    entry: writeEntry,
    site: (body) => row('site', { site: body.site, version: 1, body: JSON.stringify({ ...body, version: 1 }) }),
    item: (given) => {
      const body = { ...BLANK_ITEM, name: { zh: given.item, en: given.item }, ...given }
      const search = [body.item, body.name.zh, body.name.en, body.model].join(' ').toLowerCase()
      row('item', { item: body.item, version: body.version, body: JSON.stringify(body), search })
      for (const { gtin, pack, units } of body.packs) if (gtin) row('item_gtin', { gtin, item: body.item, pack, units })
    },
    lot: (lot, expiry) => row('lot', { ...lotColumns(lot), expiry }, 'on conflict do update set expiry = excluded.expiry'),
    close: opened.close,
  }
}

type Row = Readonly<Record<string, string | number | null | Uint8Array>>

const lotColumns = (lot: string) => {
  const number = lotOf(lot)?.lotNumber ?? ''
  return { lot, item: lotOf(lot)?.item ?? '', lot_number: number, printed: number }
}

const writeLine = (
  row: WrittenCounty['row'],
  entry: Entry,
  { line, at, mv }: { readonly line: Line; readonly at: number; readonly mv: number },
) => {
  const { stream, epoch, seq, kind, doc, occurredAt: occurred } = entry
  const { lot, from: src, to: dst, units } = line
  row('lot', lotColumns(lot), 'on conflict do nothing')
  row('movement', { lot, mv, stream, epoch, seq, line: at, kind, src, dst, units, occurred, doc, reverses: entry.reverses?.entry ?? null })
  row('feed', { mv, lot, site: stream.startsWith('hub>') ? stream.slice(4) : writerOf(stream) })
  const add = 'on conflict do update set units = units + excluded.units'
  row('position', { lot, place: src, units: -units }, add)
  row('position', { lot, place: dst, units }, add)
  row('flow', { lot, src, dst, units, n: 1, first: occurred, last: occurred }, `${add}, n = n + 1, last = excluded.last`)
  if (entry.reverses)
    row('reversal', { entry: entry.reverses.entry, line: entry.reverses.lines[at] ?? 0, by_entry: `${stream}/${epoch}/${seq}` })
}

/** One line of an entry; `from` and `to` as they are called. */
export const line = (lot: string, from: string, to: string, units: number, tags: readonly string[] = []): Line => ({
  lot,
  from,
  to,
  units,
  entered: null,
  tags: [...tags],
})

const BLANK: Entry = {
  v: 1,
  stream: 'qinglong>*',
  epoch: EPOCH,
  seq: 0,
  kind: 'receive',
  action: 'act-00000001',
  part: 0,
  actor: 'keeper-1',
  device: null,
  occurredAt: '2026-11-22T03:00:00.000Z',
  zone: 'Asia/Shanghai',
  boot: 'boot-1',
  upMs: 1,
  doc: null,
  refs: [],
  reverses: null,
  lines: [],
  body: {},
}

const BLANK_ITEM: Omit<ItemBody, 'item' | 'name'> = { version: 1, model: '', unit: { zh: '包', en: 'pack' }, packs: [], nearDays: [] }
