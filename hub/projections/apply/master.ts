import { canonicalText } from '@lotkeeper/protocol/ledger/canonical.ts'
import type { BodyOf, ItemBody } from '@lotkeeper/protocol/ledger/entry.ts'
import type { MasterRecord, RecordOf } from '@lotkeeper/protocol/ledger/master.ts'
import { codeKey, codesOf } from '@lotkeeper/protocol/rules/packs.ts'
import type { Database } from '../../database.ts'
import type { SchemaName } from '../../ledger/sqlite/schema.ts'
import type { Placed } from './placed.ts'

/** Every version of every record, and every word on which record is which other one; what rules is decided when they are read (H-033). */
export interface MasterRows {
  readonly note: (placed: Placed) => void
}

export const openMasterRows = (db: Database, schema: SchemaName): MasterRows => {
  const version = openVersions(db, schema)
  const redirect = db.prepare<[string, string, number, string | null, string, number, string | null, string]>(
    `insert or replace into ${schema}.master_redirect values (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  return {
    note: (placed) => {
      const { id, entry } = placed
      for (const record of recordsOf(placed)) {
        if (record.is !== 'redirect') version(record, placed)
        else redirect.run(record.of, record.id, record.version, record.to, id, entry.part, entry.actor, entry.occurredAt)
      }
    },
  }
}

/** An item of the first form is a record without the fields that came later. */
export const recordOfItem = ({ item, ...rest }: ItemBody): RecordOf<'item'> => ({ is: 'item', id: item, ...rest })

const recordsOf = ({ entry: { kind, body } }: Placed): readonly MasterRecord[] =>
  kind === 'item' ? [recordOfItem(body as ItemBody)] : (body as BodyOf<'master'>).records

type Versioned = Exclude<MasterRecord, { readonly is: 'redirect' }>

/** Should two incarnations of the hub have told the same version, the one that was applied last stands, with its codes. */
const openVersions = (db: Database, schema: SchemaName) => {
  const held = db.prepare<[string, number], { readonly body: string }>(
    `select body from ${schema}.master_version where kind = 'item' and id = ? and version = ?`,
  )
  const put = db.prepare<[string, string, number, string, string, number, string | null, string, string, string]>(
    `insert or replace into ${schema}.master_version values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const drop = db.prepare<[string, string, number]>(`delete from ${schema}.item_code where code = ? and item = ? and version = ?`)
  const code = db.prepare<[string, string, number, string, number]>(`insert or replace into ${schema}.item_code values (?, ?, ?, ?, ?)`)
  return (record: Versioned, { id: entryId, entry }: Placed) => {
    const { is, id, version } = record
    if (is === 'item') {
      const before = held.get(id, version)
      for (const one of before ? keysOf(JSON.parse(before.body) as RecordOf<'item'>) : []) drop.run(one, id, version)
    }
    const written = [entryId, entry.part, entry.actor, entry.occurredAt] as const
    put.run(is, id, version, record.from ?? '', ...written, canonicalText(record), searchOf(record))
    if (is !== 'item') return
    for (const level of record.packs) for (const one of codesOf(level)) code.run(codeKey(one), id, version, level.pack, level.units)
  }
}

const keysOf = ({ packs }: RecordOf<'item'>): readonly string[] => packs.flatMap((level) => codesOf(level).map(codeKey))

/** What a record is found by in a list: its id, names and numbers, in lower case. */
const searchOf = (record: Versioned): string => {
  const name = 'name' in record ? [record.name.zh, record.name.en] : []
  return [record.id, ...name, ...numbersOf(record)].join(' ').toLowerCase()
}

const numbersOf = (record: Versioned): readonly string[] => {
  if (record.is === 'item') {
    const codes = record.packs.flatMap((level) => codesOf(level).map(({ code }) => code))
    return [record.model, record.specification ?? '', record.nhsa ?? '', ...codes]
  }
  if (record.is === 'party') return [record.creditCode ?? '', record.gln ?? '', ...record.licences.map(({ number }) => number)]
  return record.is === 'certificate' ? [record.number] : []
}
