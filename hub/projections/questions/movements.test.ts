import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Questions } from '../questions.ts'
import { type AskedCounty, askCounty, ENTRY_1, everyPage, pick, rowsOf, STORE, SUPPLIER } from './fixtures/asked.ts'
import { EPOCH, line } from './fixtures/county.ts'

let county: AskedCounty['county']
let ask: AskedCounty['ask']
beforeEach(() => {
  ;({ county, ask } = askCounty())
})

describe('movements', () => {
  const lines = (query: Parameters<Questions['movements']>[0]) => rowsOf(ask.movements(query)).map((row) => pick(row, 'lot', 'units'))
  beforeEach(() => {
    county.entry({ lines: [line('gauze/B1', SUPPLIER, STORE, 1), line('mask/M1', SUPPLIER, STORE, 2, ['30AA'])], doc: 'PO-7' })
    county.entry({ stream: 'baishui>*', lines: [line('gauze/B1', SUPPLIER, 'baishui/main/pending', 3)] })
    county.entry({ kind: 'issue', lines: [line('gauze/B2', STORE, 'qinglong/~consumed', 4)] })
    county.entry({ stream: 'hub>qinglong', kind: 'tag', lines: [line('gauze/B1', SUPPLIER, 'qinglong/~transit', 5)] })
  })

  it.each([
    [
      {},
      [
        ['gauze/B1', 5],
        ['gauze/B2', 4],
        ['gauze/B1', 3],
        ['mask/M1', 2],
        ['gauze/B1', 1],
      ],
    ],
    [
      { site: 'qinglong' },
      [
        ['gauze/B1', 5],
        ['gauze/B2', 4],
        ['mask/M1', 2],
        ['gauze/B1', 1],
      ],
    ],
    [
      { item: 'gauze' },
      [
        ['gauze/B1', 5],
        ['gauze/B2', 4],
        ['gauze/B1', 3],
        ['gauze/B1', 1],
      ],
    ],
    [
      { site: 'qinglong', item: 'gauze' },
      [
        ['gauze/B1', 5],
        ['gauze/B2', 4],
        ['gauze/B1', 1],
      ],
    ],
    [
      { lot: 'gauze/B1' },
      [
        ['gauze/B1', 5],
        ['gauze/B1', 3],
        ['gauze/B1', 1],
      ],
    ],
    [{ lot: 'gauze/B1', site: 'baishui' }, [['gauze/B1', 3]]],
    [{ limit: 1 }, [['gauze/B1', 5]]],
    [{ site: 'nowhere' }, []],
  ])('asked for %j come newest first', (query, expected) => {
    expect(lines(query)).toEqual(expected)
    expect(
      everyPage((cursor) => ask.movements({ ...query, limit: 1, ...cursor }))
        .slice(0, expected.length)
        .map((row) => pick(row, 'lot', 'units')),
    ).toEqual(expected)
  })

  it('refuses a cursor whose commit order belongs to another database', () => {
    const page = ask.movements({ limit: 2 })
    const cursor = isRefusal(page) ? '' : (page.next ?? '')
    county.db.prepare('update movement set seq = 77 where lot = ? and mv = 4').run('gauze/B2')
    const again = ask.movements({ cursor })
    expect(isRefusal(again) && again.code).toBe('live.cursor-unknown')
  })

  it('show who decided them, what they carried and what undid them', () => {
    const passage = { certainty: 0.93 }
    county.entry({ lines: [line('mask/M1', SUPPLIER, STORE, 6)], body: { passage } })
    county.entry({
      lines: [line('mask/M1', SUPPLIER, STORE, 7)],
      body: { scan: ']C10106901234567892', override: { rule: 'rules.lot-expired', reason: '急救' } },
    })
    county.entry({ kind: 'reverse', lines: [line('mask/M1', STORE, SUPPLIER, 2)], reverses: { entry: ENTRY_1, lines: [1] } })
    const rows = rowsOf(ask.movements({ lot: 'mask/M1' }))
    expect(rows.map((row) => pick(row, 'units', 'evidence', 'reverses', 'reversedBy', 'override'))).toEqual([
      [2, { by: 'hand', certainty: null }, ENTRY_1, null, null],
      [7, { by: 'scan', certainty: null }, null, null, { rule: 'rules.lot-expired', reason: '急救' }],
      [6, { by: 'door', certainty: 0.93 }, null, null, null],
      [2, { by: 'hand', certainty: null }, null, `qinglong>*/${EPOCH}/7`, null],
    ])
    expect(pick(rows.at(-1), 'entry', 'line', 'tags', 'doc', 'occurredAt', 'receivedAt')).toEqual([
      ENTRY_1,
      1,
      ['30AA'],
      'PO-7',
      '2026-11-22T03:00:00.000Z',
      '2026-11-22T03:24:00.000Z',
    ])
    expect(rowsOf(ask.movements({ limit: 4 })).map((row) => pick(row, 'evidence'))[3]).toEqual([{ by: 'hub', certainty: null }])
  })
})
