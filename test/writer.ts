import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import { CHAIN_START, hashAfter, signedHead } from '@lotkeeper/protocol/ledger/chain.ts'
import { type Entry, writeEntry } from '@lotkeeper/protocol/ledger/entry.ts'
import type { BatchReading, EpochTip } from '@lotkeeper/protocol/ledger/stream.ts'
import type { Signer } from '@lotkeeper/protocol/parts.ts'
import { testParts } from './parts.ts'

/** A writer of one stream in memory, for tests: adds entries, seals batches, opens epochs. */
export interface TestWriter {
  readonly tip: () => EpochTip
  readonly texts: readonly string[]
  readonly hashes: readonly Uint8Array[]
  readonly add: (entry: Partial<Entry> & Pick<Entry, 'kind'>) => Entry
  readonly batch: (from: number, upto: number) => BatchReading
}

/** Fields of an entry that tests seldom care about. */
export const ENTRY_DEFAULTS = {
  v: 1,
  action: 'test-action',
  part: 0,
  actor: null,
  device: null,
  occurredAt: '2026-11-22T01:02:03.004Z',
  zone: 'Asia/Shanghai',
  boot: 'boot-1',
  upMs: 1,
  doc: null,
  refs: [],
  reverses: null,
  lines: [],
  body: {},
} as const

export const testWriter = (stream: string, epoch: string, signer: Signer, parent: EpochTip['parent'] = null): TestWriter => {
  const texts: string[] = []
  const hashes: Uint8Array[] = []
  const add: TestWriter['add'] = (draft) => {
    const entry: Entry = { ...ENTRY_DEFAULTS, refs: [], lines: [], ...draft, stream, epoch, seq: texts.length + 1 }
    const text = writeEntry(entry)
    texts.push(text)
    hashes.push(hashAfter(testParts, hashes.at(-1) ?? CHAIN_START, text))
    return entry
  }
  add({ kind: 'epoch', body: { parent, software: 'test' } })
  return {
    texts,
    hashes,
    add,
    tip: () => ({ stream, epoch, parent, held: texts.length, headHash: hexOf(hashes.at(-1) ?? CHAIN_START), applied: texts.length }),
    batch: (from, upto) => {
      const head = { stream, epoch, upto, headHash: hexOf(hashes[upto - 1] ?? CHAIN_START) }
      return { ...head, from, key: signer.key, signature: signer.sign(signedHead(testParts, head)), entries: texts.slice(from - 1, upto) }
    },
  }
}
