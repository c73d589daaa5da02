import type { Entry } from '@lotkeeper/protocol/ledger/entry.ts'
import { entryId } from '@lotkeeper/protocol/names.ts'
import { expect, it } from 'vitest'
import { openDatabase } from '../../database.ts'
import { LEDGER_FORM } from '../../ledger/sqlite/form.ts'
import { openFold } from '../apply.ts'
import { keepRow } from '../fixtures/log-row.ts'
import type { Placed } from './placed.ts'

let seq = 0
const placed = (stream: string, kind: Entry['kind'], body: Entry['body']): Placed => {
  seq += 1
  const head = { v: 1, stream, epoch: '00000000000000aa', seq, kind, action: `act-${seq}`, part: 0, actor: null, device: null } as const
  const time = { occurredAt: '2026-11-22T01:02:03.004Z', zone: 'Asia/Shanghai', boot: 'b', upMs: 1 }
  const entry: Entry = { ...head, ...time, doc: null, refs: [], reverses: null, lines: [], body }
  return { id: entryId(stream, entry.epoch, seq), entry, receivedAtMs: 1_795_000_000_000 }
}
const folded = (entries: readonly Placed[]) => {
  const { db, close } = openDatabase(':memory:', LEDGER_FORM)
  const fold = openFold(db)
  for (const one of entries) {
    keepRow(db, one, one.entry.seq)
    fold.apply(one)
  }
  fold.flush()
  const rows = db.prepare('select id, state, target, settled_by from provisional order by kind, id').all()
  const open = db.prepare('select kind from discrepancy where closed_at is null').pluck().all()
  close()
  return { rows, open }
}

const item = (id: string) => ({ is: 'item', item: id, name: { zh: id, en: '' }, model: '', unit: { zh: '支', en: '' }, packs: [] })
const EPC = '30699B587B8716400012D687'
const tag = { is: 'tag', epc: EPC, item: 'a', lotNumber: 'b 1', expiry: null, pack: '盒', units: 20 }
const record = {
  is: 'item',
  id: 'a',
  version: 1,
  name: { zh: 'a', en: '' },
  model: '',
  unit: { zh: '支', en: '' },
  packs: [],
  nearDays: [],
}
const registered = { epc: EPC, lot: 'a/B 1', printed: 'b 1', expiry: null, pack: '盒', units: 20, site: 'qinglong' }

it('stands the same whether the county or the node was heard first', () => {
  const met = [item('a'), item('b'), item('c'), tag].map((body) => placed('qinglong>*', 'provisional', body))
  const told = [
    placed('hub>all', 'master', { records: [record, { is: 'redirect', id: 'b', version: 1, of: 'item', to: 'a' }] }),
    placed('hub>qinglong', 'tag', registered),
    placed('hub>qinglong', 'outcome', { of: met[2]?.id ?? '', is: 'item', id: 'c', answer: 'conflict', to: null, reason: '?' }),
  ]
  const wanted = {
    rows: [
      { id: 'a', state: 'confirmed', target: null, settled_by: told[0]?.id },
      { id: 'b', state: 'redirected', target: 'a', settled_by: told[0]?.id },
      { id: 'c', state: 'conflict', target: null, settled_by: told[2]?.id },
      { id: EPC, state: 'confirmed', target: null, settled_by: told[1]?.id },
    ],
    open: ['provisional-conflict'],
  }
  expect(folded([...met, ...told])).toEqual(wanted)
  expect(folded([...told, ...met])).toEqual(wanted)
  // The county makes its record after all: nothing is left to look into.
  const after = placed('hub>all', 'master', { records: [{ ...record, id: 'c' }] })
  expect(folded([...met, ...told, after])).toMatchObject({ rows: [{}, {}, { id: 'c', state: 'confirmed' }, {}], open: [] })
})

it('takes the last answer to a lot for every node that met it, in whatever order they come', () => {
  const lot = { is: 'lot', item: 'a', lotNumber: 'B1', expiry: null }
  const met = [placed('qinglong>*', 'provisional', lot), placed('baihe>*', 'provisional', lot)]
  const answer = (version: number, said: object) =>
    placed('hub>all', 'outcome', { of: met[0]?.id ?? '', is: 'lot', id: 'a/B1', to: null, reason: null, version, ...said })
  const first = answer(1, { answer: 'conflict', reason: '?' })
  const last = answer(2, { answer: 'redirect', to: 'a/C1' })
  const rows = met.map(() => ({ id: 'a/B1', state: 'redirected', target: 'a/C1', settled_by: last.id }))
  for (const entries of [
    [...met, first, last],
    [last, ...met, first],
    [first, last, ...met],
  ])
    expect(folded(entries)).toEqual({ rows, open: [] })
  expect(folded([...met, first])).toMatchObject({
    rows: [{ state: 'conflict' }, { state: 'conflict' }],
    open: ['provisional-conflict', 'provisional-conflict'],
  })
})
