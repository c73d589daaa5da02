import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { streamOfNode } from '@lotkeeper/protocol/names.ts'
import { expect, test } from 'vitest'
import { makeSigningKey } from '../crypto.ts'
import { type Bench, draft, line, NODE, openBench } from '../ledger/fixtures/bench.ts'
import { openKept } from './kept.ts'

const OWN = streamOfNode(NODE)
const NEWS = { is: 'lost-tail', epoch: '0011223344556677', from: 3, upto: 9 } as const

const keptOf = ({ ledger, clock }: Bench) =>
  openKept(ledger, () => ({ nowMs: clock.now(), clockMs: clock.now(), today: '2026-11-21', clock: 'trusted', zone: 'Asia/Shanghai' }))

test('a card set back to a full disk tells under its own epoch what the epoch before had told already', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-kept-'))
  const key = makeSigningKey()
  const first = openBench({ key })
  first.db.pragma(`max_page_count = ${Number(first.db.pragma('page_count', { simple: true }))}`)
  const lines = [line('gauze/B1', `${NODE}/~transit`, `${NODE}/main/pending`, 1)]
  for (let at = 0; first.ledger.disk() === 'ok'; at += 1)
    first.ledger.book({ action: `fill-${at}`, act: 'fill' }, () => [draft('receive', {}, { lines })])
  const [old, held] = [first.db.serialize(), first.ledger.head().seq]
  first.db.pragma('max_page_count = 100000')
  keptOf(first).tell(NEWS)
  const { epoch, seq } = first.ledger.head()
  const tail = first.ledger.exchange.batch({ stream: OWN, epoch, from: held + 1, upto: seq })
  const path = join(folder, 'node.sqlite')
  writeFileSync(path, old)
  const second = openBench({ path, key, pagesMax: 1 })
  expect([second.ledger.disk(), second.ledger.head().epoch]).toEqual(['full', epoch])
  second.db.pragma('max_page_count = 100000')
  keptOf(second).tell(NEWS)
  expect(tail && second.ledger.exchange.take(tail, first.signer.publicKey)).toMatchObject({ is: 'taken' })
  const actions = second.db
    .prepare<[string], string>(`select body ->> '$.action' from log where stream = ? and kind = 'alarm'`)
    .pluck()
    .all(OWN)
  expect([actions.length, new Set(actions).size, second.ledger.rebuild()]).toEqual([2, 2, []])
  second.ledger.close()
  rmSync(folder, { recursive: true })
})
