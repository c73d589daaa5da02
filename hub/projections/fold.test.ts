import type { ClockBody } from '@lotkeeper/protocol/ledger/bodies.ts'
import { todayIn } from '@lotkeeper/protocol/rules/expiry.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../database.ts'
import { LEDGER_FORM } from '../ledger/sqlite/form.ts'
import { PROJECTIONS } from '../ledger/sqlite/schema.ts'
import { openFold } from './apply.ts'
import { keepRow } from './fixtures/log-row.ts'
import { STORY, type Story } from './fixtures/story.ts'
import { everyPage } from './questions/fixtures/asked.ts'
import { openQuestions } from './questions.ts'

/**
 * Folds a story in commits of these sizes, over and over; `restarts` opens the fold anew for each commit, `again` rolls each back once before,
 * `whole` knows the whole log from the beginning.
 */
const folded = (
  story: Story,
  sizes: readonly number[],
  how: { readonly restarts?: boolean; readonly again?: boolean; readonly whole?: boolean } = {},
): Database => {
  const { db } = openDatabase(':memory:', LEDGER_FORM)
  if (how.whole) for (const [at, placed] of story.entries()) keepRow(db, placed, at + 1)
  let fold = openFold(db)
  const take = (from: number, upto: number) => {
    db.exec('begin')
    for (const [at, placed] of story.slice(from, upto).entries()) {
      if (!how.whole) keepRow(db, placed, from + at + 1)
      fold.apply(placed)
    }
  }
  for (let at = 0, turn = 0; at < story.length; turn += 1) {
    const upto = at + (sizes[turn % sizes.length] ?? 1)
    if (how.restarts) fold = openFold(db)
    if (how.again) {
      take(at, upto)
      db.exec('rollback')
      fold.forget()
    }
    take(at, upto)
    fold.flush()
    db.exec('commit')
    at = upto
  }
  return db
}

const tablesOf = (db: Database) =>
  Object.fromEntries(
    [...Object.keys(PROJECTIONS), 'discrepancy'].map((table) => {
      const rows = db.prepare(`select * from ${table}`).all() as object[]
      return [table, rows.map((row) => JSON.stringify(row)).sort()]
    }),
  )

describe('folding a story', () => {
  it('gives the same rows in one commit, in many, over restarts and rollbacks, and from the whole log', () => {
    fc.assert(
      fc.property(STORY, fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 }), (story, sizes) => {
        const wanted = tablesOf(folded(story, [1]))
        expect(tablesOf(folded(story, [story.length], { whole: true }))).toEqual(wanted)
        expect(tablesOf(folded(story, sizes, { restarts: true }))).toEqual(wanted)
        expect(tablesOf(folded(story, sizes, { whole: true, again: true }))).toEqual(wanted)
      }),
      { numRuns: 60 },
    )
  })

  it('sums every lot to nothing, and its months to what lies at each place', () => {
    fc.assert(
      fc.property(STORY, (story) => {
        const db = folded(story, [3])
        const uneven = 'select lot from position group by lot having sum(units) <> 0'
        const other = `select p.lot, p.place, p.units, sum(d.units_in - d.units_out) as summed from position p
          left join period_delta d on d.lot = p.lot and d.place = p.place group by p.lot, p.place having summed is not p.units`
        expect([db.prepare(uneven).all(), db.prepare(other).all()]).toEqual([[], []])
      }),
      { numRuns: 40 },
    )
  })
})

/** A line as the oracle sees it: when it truly happened, and on which of the county's days the hub came to know it. */
interface Told {
  readonly lot: string
  readonly from: string
  readonly to: string
  readonly units: number
  readonly day: string
  readonly knownDay: string
}

const toldIn = (story: Story): readonly Told[] => {
  const zeros = new Map<string, number>()
  for (const { entry } of story) {
    if (entry.kind !== 'clock') continue
    const { boot, trueAt, upMs } = entry.body as ClockBody
    zeros.set(`${entry.stream} ${boot}`, Date.parse(trueAt) - upMs)
  }
  let knownDay = ''
  return story.flatMap(({ entry, receivedAtMs }) => {
    const zero = zeros.get(`${entry.stream} ${entry.boot}`)
    const claimed = Date.parse(entry.occurredAt)
    const truly = zero === undefined || Math.abs(zero + entry.upMs - claimed) <= 60_000 ? claimed : zero + entry.upMs
    const received = todayIn('Asia/Shanghai', receivedAtMs)
    if (entry.lines.length > 0 && received > knownDay) knownDay = received
    return entry.lines.map((line) => ({ ...line, day: todayIn('Asia/Shanghai', truly), knownDay }))
  })
}

const lying = (lines: readonly Told[]): Readonly<Record<string, number>> => {
  const sums: Record<string, number> = {}
  for (const { lot, from, to, units } of lines) {
    sums[`${lot} ${from}`] = (sums[`${lot} ${from}`] ?? 0) - units
    sums[`${lot} ${to}`] = (sums[`${lot} ${to}`] ?? 0) + units
  }
  return Object.fromEntries(Object.entries(sums).filter(([at, units]) => units !== 0 && !at.includes('/~')))
}

describe('stock as of a day', () => {
  const DATE = fc
    .date({ min: new Date('2026-10-25'), max: new Date('2027-03-05'), noInvalidDate: true })
    .map((at) => at.toISOString().slice(0, 10))
  it('is what an oracle finds that looks at every line', () => {
    fc.assert(
      fc.property(STORY, DATE, fc.integer({ min: 1, max: 5 }), (story, date, limit) => {
        const ask = openQuestions(folded(story, [2]), Date.now)
        const asked = (by: 'true' | 'known') =>
          Object.fromEntries(
            everyPage((cursor) => ask.stockAsOf({ date, by, limit, ...cursor })).map((row) => {
              const { lot, place, units } = row as { readonly lot: string; readonly place: string; readonly units: number }
              return [`${lot} ${place}`, units]
            }),
          )
        const lines = toldIn(story)
        expect(asked('true')).toEqual(lying(lines.filter(({ day }) => day <= date)))
        expect(asked('known')).toEqual(lying(lines.filter(({ knownDay }) => knownDay <= date)))
      }),
      { numRuns: 100 },
    )
  })
})
