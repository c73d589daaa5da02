import { describe, expect, it } from 'vitest'
import type { Database } from '../../database.ts'
import { openQuestions } from '../questions.ts'
import { NOW_MS, writeCounty } from './fixtures/county.ts'

/** Tables that grow for ever with what people do. No question may read one from end to end. */
const GROWING = ['movement', 'log', 'feed', 'flow', 'reversal', 'acted', 'period_delta', 'tag', 'lot', 'transit']

/** What a statement reads from end to end: `scans` of whole tables in its plan, by table name. */
const scansOf = (db: Database, sql: string): readonly string[] => {
  const plan = db.prepare(`explain query plan ${sql.replace(/[@]\w+|\?/g, '1')}`).all() as readonly { readonly detail: string }[]
  return plan.flatMap(({ detail }) => {
    const name = /^SCAN (\w+)/.exec(detail)?.[1]
    return name === undefined ? [] : [tableOf(sql, name)]
  })
}

const tableOf = (sql: string, alias: string): string =>
  new RegExp(`(?:from|join)\\s+(\\w+)(?:\\([^)]*\\))?\\s+${alias}\\b`).exec(sql)?.[1] ?? alias

/** Every statement the questions prepare, by asking each of them. */
const statements = (db: Database): readonly string[] => {
  const prepared = new Set<string>()
  const watched = new Proxy(db, {
    get: (target, name) => {
      if (name !== 'prepare') return Reflect.get(target, name)
      return (sql: string) => {
        prepared.add(sql)
        return target.prepare(sql)
      }
    },
  })
  const ask = openQuestions(watched, () => NOW_MS)
  const site = [{}, { site: 'qinglong' }]
  const what = [{}, { item: 'gauze' }, { lot: 'gauze/B1' }]
  const how = [{}, { search: 'x' }, { expiring: 7 }]
  for (const one of site) for (const other of what) for (const third of how) ask.stock({ ...one, ...other, ...third })
  return [...prepared]
}

describe('what the questions read', () => {
  it('is found by key or in order, never by reading a growing table whole', () => {
    const { db } = writeCounty()
    const all = statements(db)
    expect(all.length).toBeGreaterThan(40)
    const wrong = all.flatMap((sql) => scansOf(db, sql).map((table) => ({ table, sql })))
    // The newest movements of the county are the end of the feed, read backwards and cut.
    const whole = wrong.filter(
      ({ table, sql }) => GROWING.includes(table) && !/select lot, mv from feed where mv < @before order by mv desc limit/.test(sql),
    )
    expect(whole).toEqual([])
  })

  it.each([
    ['select * from movement where units = 1', ['movement']],
    ['select m.lot from log g join movement m on m.lot = g.epoch', ['log']],
    ['select * from feed where lot = ?', ['feed']],
    ['select * from movement where lot = ?', []],
    ['select * from feed where mv < @before order by mv desc', []],
  ])('would be noticed: %s', (sql, tables) => {
    expect(scansOf(writeCounty().db, sql)).toEqual(tables)
  })
})
