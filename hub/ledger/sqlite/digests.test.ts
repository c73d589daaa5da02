import type { DigestRow } from '@lotkeeper/protocol/ledger/digest.ts'
import { digestOf } from '@lotkeeper/protocol/ledger/digest.ts'
import type { EpochTip } from '@lotkeeper/protocol/ledger/stream.ts'
import { expect, test } from 'vitest'
import { openCrypto } from '../../crypto.ts'
import { openDatabase } from '../../database.ts'
import { openDigests } from './digests.ts'
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION } from './schema.ts'

const crypto = openCrypto()
const [NODE, STREAM] = ['qinglong', 'qinglong>*'] as const
const ROWS: readonly DigestRow[] = [{ lot: 'gauze/B1', place: 'qinglong/main/available', units: 7 }]
/** Drawn: `a5` is held up to 5 in epoch a; `b2<a5` goes on from there; `c4!` has its last entry parked. */
const tips = (text: string): readonly EpochTip[] =>
  [...text.matchAll(/([a-z])(\d+)(!?)(?:<([a-z])(\d+))?/g)].map(([, epoch = '', held = '0', parked, parent, at]) => ({
    ...{ stream: STREAM, epoch, held: Number(held), headHash: '', applied: Number(held) - (parked === '!' ? 1 : 0) },
    parent: parent === undefined ? null : { epoch: parent, seq: Number(at), hash: '' },
  }))

test.each([
  ['one epoch, held to its end', 'a5', '', 'a5', true],
  ['the hub holds more', 'a5', 'a4', 'a4', false],
  ['the hub holds less', 'a5', 'a6', 'a6', false],
  ['an entry is parked', 'a5!', 'a5', 'a5', false],
  ['a new epoch goes on from the old one', 'a5 b2<a5', 'a5', 'b2', true],
  ['a new card: what it had is on its way back', 'a5 b2', 'b1', 'b2', false],
  ['a new card that has half of it back', 'a5 b2', 'a3 b1', 'b2', false],
  ['a new card that has it all back', 'a5 b2', 'a5 b1', 'b2', true],
  ['an old image went on from where it stood', 'a5 b2<a3', 'b2', 'b2', false],
  ['a restored hub has the end of a past before its middle', 'a3 b2<a5', 'b2', 'b2', false],
  ['a restored hub has the end of a past only', 'b2<a5', 'b2', 'b2', false],
  ['a restored hub lacks what was written beside by a copied card', 'a1 b4<a1', 'a4 b4', 'b4', false],
  ['a restored hub has nothing of what was written beside', 'a1 b4<a1', 'b4 c2', 'b4', false],
  ['the node went on while its digest was under way', 'a5', 'a6', 'a5', true],
  ['a text in the past is damaged and asked back', 'a5 b2<a5', 'a3 b2', 'b2', false],
])('%s', (_story, held, word, said, compared) => {
  const { db, close } = openDatabase(':memory:', { applicationId: APPLICATION_ID, version: SCHEMA_VERSION, schema: SCHEMA })
  const log = { tips: () => tips(held) }
  const named: string[] = []
  const discrepancies = { open: ({ kind }: { kind: string }) => void named.push(kind), close: () => {} }
  const digests = openDigests(db, crypto, { log, discrepancies })
  for (const tip of tips(word)) db.prepare('insert into hub_have values (?, ?, ?, ?)').run(NODE, STREAM, tip.epoch, tip.held)
  const [tip] = tips(said)
  const { digest, buckets } = digestOf(crypto, ROWS)
  const body = { stream: STREAM, epoch: tip?.epoch ?? '', seq: tip?.held ?? 0, digest, buckets: [...buckets] }
  expect(digests.judge(NODE, { ...body, rows: [] }, 1)).toHaveLength(compared ? 1 : 0)
  digests.judge(NODE, { ...body, rows: [...ROWS] }, 2)
  expect(named).toEqual(compared ? ['balance-differs'] : [])
  close()
})
