import type { Entry } from '@lotkeeper/protocol/ledger/entry.ts'
import { entryId } from '@lotkeeper/protocol/names.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { expect, test } from 'vitest'
import { openDatabase } from '../../database.ts'
import { LEDGER_FORM } from '../../ledger/sqlite/form.ts'
import { openFold } from '../apply.ts'
import { keepRow } from '../fixtures/log-row.ts'
import { line } from '../questions/fixtures/county.ts'
import { openQuestions } from '../questions.ts'

const NODE = 'qinglong'
const LOT = 'gauze/B1'
const SHELF = `${NODE}/main/available`
const [OLD, NEW] = ['30AA', '30BB']
const AT = '2026-11-22T01:02:03.004Z'
const BLANK = {
  ...{
    v: 1,
    epoch: '0011223344556677',
    part: 0,
    actor: 'keeper-1',
    device: null,
    occurredAt: AT,
    zone: 'Asia/Shanghai',
    boot: 'b',
    upMs: 1,
  },
  ...{ doc: null, refs: [], reverses: null, lines: [], body: {} },
} as const
const PACK = { lot: LOT, expiry: '2027-08-31', pack: 'carton', units: 100, left: 100, place: SHELF, why: '破损' }

/** A county that heard of one registered tag; `told` folds an entry of the node and answers its id. */
const openLife = () => {
  const { db } = openDatabase(':memory:', LEDGER_FORM)
  const fold = openFold(db)
  const ask = openQuestions(db, () => Date.parse(AT))
  let at = 0
  const written = new Map<string, number>()
  const write = (stream: string, given: Partial<Entry> & Pick<Entry, 'kind'>): string => {
    at += 1
    const seq = (written.get(stream) ?? 0) + 1
    written.set(stream, seq)
    const entry = { ...BLANK, action: `act-${at}`, ...given, stream, seq } as Entry
    const placed = { id: entryId(stream, entry.epoch, seq), entry, receivedAtMs: at }
    keepRow(db, placed, at)
    fold.apply(placed)
    fold.flush()
    return entryId(stream, entry.epoch, seq)
  }
  const register = (epc: string) =>
    write(`hub>${NODE}`, {
      kind: 'tag',
      lines: [line(LOT, 'hub/~supplier', `${NODE}/~transit`, 100, [epc])],
      body: { epc, lot: LOT, printed: 'B1', expiry: '2027-08-31', pack: 'carton', units: 100, site: NODE },
    })
  const told = (given: Partial<Entry> & Pick<Entry, 'kind'>) => write(`${NODE}>*`, given)
  const lifeOf = (epc: string) => {
    const answer = ask.tagLife({ epc })
    if (isRefusal(answer)) return answer.code
    return [
      answer.tag.state,
      answer.place,
      answer.left,
      ...answer.life.map(({ what, other, why }) => `${what} ${other ?? '-'} ${why ?? '-'}`),
    ]
  }
  register(OLD)
  return { ask, told, lifeOf }
}

test('a tag that is replaced, taken back and retired has a life, and stands where its pack does', () => {
  const { ask, told, lifeOf } = openLife()
  expect(lifeOf(OLD)).toEqual(['live', `${NODE}/~transit`, 100, 'registered - -'])
  told({ kind: 'receive', lines: [line(LOT, `${NODE}/~transit`, SHELF, 100, [OLD])] })
  const replaced = told({ kind: 'retag', body: { from: OLD, to: NEW, ...PACK } })
  expect(lifeOf(OLD)).toEqual(['replaced', null, null, `replaced ${NEW} 破损`, 'registered - -'])
  expect(lifeOf(NEW)).toEqual(['live', SHELF, 100, `replaces ${OLD} 破损`])
  expect(ask.tags({ site: NODE })).toMatchObject({
    rows: [
      { epc: OLD, state: 'replaced', next: NEW },
      { epc: NEW, state: 'live' },
    ],
  })
  expect(ask.known({ items: [], sites: [], lots: [], epcs: [NEW] }).epcs).toEqual([NEW])
  told({ kind: 'move', lines: [line(LOT, SHELF, `${NODE}/main/held`, 100, [NEW])] })
  told({ kind: 'reverse', reverses: { entry: replaced, lines: [] }, body: { reason: '贴错了' } })
  expect(lifeOf(OLD).slice(0, 4)).toEqual(['live', `${NODE}/main/held`, 100, `undone ${NEW} 贴错了`])
  expect(lifeOf(NEW)).toBe('api.not-found')
  told({ kind: 'retag', body: { from: OLD, to: null, ...PACK, place: `${NODE}/main/held` } })
  expect(lifeOf(OLD).slice(0, 4)).toEqual(['retired', null, null, 'retired - 破损'])
})

test('a tag nobody registered is put on standing stock, and retired without one that takes its place', () => {
  const { told, lifeOf, ask } = openLife()
  told({ kind: 'retag', body: { from: null, to: NEW, ...PACK } })
  expect(lifeOf(NEW)).toEqual(['live', SHELF, 100, 'put - 破损'])
  const retired = told({ kind: 'retag', body: { from: NEW, to: null, ...PACK } })
  const passage = { door: 'gate', epc: NEW, direction: 'in', at: AT, certainty: 1, algorithm: 'x', evidence: {}, ring: null } as const
  told({ kind: 'passage', body: { passage, outcome: 'retired-tag' } })
  expect(lifeOf(NEW)).toEqual(['retired', null, null, 'seen - gate', 'retired - 破损', 'put - 破损'])
  told({ kind: 'reverse', reverses: { entry: retired, lines: [] }, body: {} })
  expect([lifeOf(NEW)[0], lifeOf(NEW)[1], ask.tag({ epc: NEW })]).toEqual(['live', SHELF, expect.objectContaining({ units: 100 })])
  // What was never folded has nothing to undo.
  told({ kind: 'reverse', reverses: { entry: `${NODE}>*/0011223344556677/99`, lines: [] }, body: {} })
  expect(lifeOf('30FF')).toBe('api.not-found')
})
