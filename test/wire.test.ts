import { readdirSync, readFileSync } from 'node:fs'
import { bytesOfBase64url, hexOf } from '@lotkeeper/protocol/bytes.ts'
import { CHAIN_START, hashAfter } from '@lotkeeper/protocol/ledger/chain.ts'
import { ENTRY_KINDS, readEntry } from '@lotkeeper/protocol/ledger/entry.ts'
import { judgeBatch } from '@lotkeeper/protocol/ledger/stream.ts'
import { readBatch } from '@lotkeeper/protocol/wire/batch.ts'
import { readCertificate } from '@lotkeeper/protocol/wire/certificate.ts'
import { describe, expect, test } from 'vitest'
import { testParts, testSigner } from './parts.ts'
import { wireSamples } from './wire.ts'

const FOLDER = new URL('./fixtures/wire/v1/', import.meta.url)
const fixture = (name: string) => readFileSync(new URL(name, FOLDER), 'utf8')

describe('wire v1 is final: what was ever hashed or sent reads the same for ever', () => {
  const samples = wireSamples()

  test('the folder holds one file per kind of message, no more', () => {
    expect(readdirSync(FOLDER).sort()).toEqual([...Object.keys(samples), 'MANIFEST.sha256'].sort())
  })

  test.each(Object.keys(samples))('%s is written byte for byte as then', (name) => {
    expect(samples[name]).toBe(fixture(name))
  })

  test('every entry of the fixtures reads, chains to its hash, and every kind is among them', () => {
    const kinds = new Set<string>()
    for (const name of Object.keys(samples).filter((file) => file.endsWith('.ndjson'))) {
      let head: Uint8Array = CHAIN_START
      for (const row of fixture(name).trimEnd().split('\n')) {
        const [hash = '', text = ''] = row.split('\t')
        const reading = readEntry(text)
        if (!reading.known) throw new Error(`${name}: ${text}`)
        kinds.add(reading.entry.kind)
        head = hashAfter(testParts, head, text)
        expect(hexOf(head)).toBe(hash)
      }
    }
    expect([...kinds].sort()).toEqual(Object.keys(ENTRY_KINDS).sort())
  })

  test('the batches of the fixtures still pass the judge', () => {
    const node = testSigner(new Uint8Array(32).fill(2))
    const parent = hexOf(new Uint8Array(32).fill(0xcc))
    const batch = readBatch(fixture('batch-node.json'))
    if (!batch) throw new Error('batch-node.json reads no more')
    const known = {
      publicKey: node.publicKey,
      tip: null,
      hashAt: (epoch: string, seq: number) => (epoch === '0000000000000009' && seq === 41 ? new Uint8Array(32).fill(0xcc) : null),
    }
    expect(judgeBatch(testParts, known, batch)).toMatchObject({ is: 'taken', parent: { seq: 41, hash: parent } })
  })

  test("the certificate of the fixtures is still the county's word", () => {
    const { countyKey, ...signed } = JSON.parse(fixture('certificate-node.json'))
    expect(readCertificate(testParts, bytesOfBase64url(countyKey) ?? new Uint8Array(), signed)).toMatchObject({
      subject: 'qinglong',
      role: 'node',
    })
  })
})
