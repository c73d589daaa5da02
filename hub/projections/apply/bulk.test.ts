import { expect, test } from 'vitest'
import { openDatabase } from '../../database.ts'
import { openBulk } from './bulk.ts'

const FORM = { applicationId: 1, version: 1, schema: 'create table fact (name text primary key, n integer not null) strict' }

test.each([0, 1, 15, 16, 17, 33])('%i rows are all there after the flush, a key met twice summed in order', (count) => {
  const { db, close } = openDatabase(':memory:', FORM)
  const bulk = openBulk(db, 'fact', 2, 'on conflict do update set n = n * 10 + excluded.n')
  for (let at = 0; at < count; at += 1) bulk.add(`fact ${Math.floor(at / 2)}`, at % 2 === 0 ? 1 : 2)
  bulk.flush()
  bulk.flush()
  const rows = db.prepare<[], { readonly n: number }>('select n from fact order by rowid').all()
  expect(rows).toHaveLength(Math.ceil(count / 2))
  expect(rows.slice(0, Math.floor(count / 2)).every(({ n }) => n === 12)).toBe(true)
  bulk.add('dropped', 1)
  bulk.forget()
  bulk.flush()
  expect(db.prepare(`select count(*) from fact where name = 'dropped'`).pluck().get()).toBe(0)
  close()
})
