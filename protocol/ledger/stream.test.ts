import { describe, expect, test } from 'vitest'
import { testParts, testSigner } from '../../test/parts.ts'
import { type TestWriter, testWriter } from '../../test/writer.ts'
import { hexOf } from '../bytes.ts'
import { canonicalText } from './canonical.ts'
import { CHAIN_START, hashAfter, holeOf, holeText, provedTogether, signedHead } from './chain.ts'
import { readEntry } from './entry.ts'
import { type BatchReading, type EpochTip, judgeBatch, type Known, parentsFirst, stretchesToSend, tipsToTell } from './stream.ts'

const STREAM = 'qinglong>*'
const E1 = '1111111111111111'
const E2 = '2222222222222222'
const signer = testSigner()

const writerWith = (count: number): TestWriter => {
  const writer = testWriter(STREAM, E1, signer)
  for (let at = 1; at < count; at += 1) writer.add({ kind: 'gap', action: `gap-${at}`, body: gapBody(`r${at}`) })
  return writer
}
const gapBody = (device: string) => ({ device, from: '2026-11-22T01:00:00.000Z', to: '2026-11-22T01:00:01.000Z', why: 'unplugged' })

/** A holder that holds the first `held` entries of a writer. */
const holding = (writer: TestWriter, held: number, publicKey: Known['publicKey'] = signer.publicKey): Known => ({
  publicKey,
  tip: held === 0 ? null : { ...writer.tip(), held, headHash: hexOf(writer.hashes[held - 1] ?? new Uint8Array()), applied: held },
  hashAt: (epoch, seq) => (epoch === E1 && seq <= held ? (writer.hashes[seq - 1] ?? null) : null),
})

describe('a batch is judged against what is held', () => {
  const writer = writerWith(10)
  test.each([
    // held, from..upto, what becomes of it, first..last taken
    [0, 1, 10, 'taken', '1..10'],
    [4, 5, 10, 'taken', '5..10'],
    [4, 3, 10, 'taken', '5..10'],
    [4, 1, 4, 'duplicate', ''],
    [4, 2, 3, 'duplicate', ''],
    [4, 6, 10, 'gap', ''],
    [0, 2, 10, 'gap', ''],
  ] as const)('holding %i, %i..%i comes: %s %s', (held, from, upto, is, taken) => {
    const judgement = judgeBatch(testParts, holding(writer, held), writer.batch(from, upto))
    expect(judgement.is).toBe(is)
    if (judgement.is === 'taken') expect(`${judgement.entries[0]?.seq}..${judgement.entries.at(-1)?.seq}`).toBe(taken)
  })

  test('a replaced signature, a foreign key and a changed entry are refused, each with its code', () => {
    const good = writer.batch(1, 10)
    const other = testSigner()
    const cases: readonly (readonly [string, Known, BatchReading])[] = [
      ['wire.signature-wrong', holding(writer, 0), { ...good, signature: good.signature.map((byte, at) => (at === 5 ? byte ^ 1 : byte)) }],
      ['wire.signature-wrong', holding(writer, 0, other.publicKey), good],
      ['wire.key-unknown', holding(writer, 0, 'unknown'), good],
      ['wire.key-revoked', holding(writer, 0, 'revoked'), good],
      [
        'wire.chain-broken',
        holding(writer, 0),
        { ...good, entries: good.entries.map((text, at) => (at === 3 ? text.replace('r3', 'rX') : text)) },
      ],
      ['wire.chain-broken', holding(writer, 0), { ...good, entries: [...good.entries.slice(1), good.entries[0] ?? ''] }],
    ]
    for (const [code, known, batch] of cases) expect(judgeBatch(testParts, known, batch)).toMatchObject({ is: 'refused', code })
  })

  test('two different entries under one number are a fork, named where they part', () => {
    const clone = testWriter(STREAM, E1, signer)
    for (let at = 1; at < 10; at += 1) clone.add({ kind: 'gap', action: `gap-${at}`, body: gapBody(at < 6 ? `r${at}` : `clone${at}`) })
    expect(judgeBatch(testParts, holding(writer, 10), clone.batch(1, 10))).toMatchObject({ is: 'fork', at: 7 })
  })

  test('a new epoch is taken only by who holds its parent, with the same hash', () => {
    const parent = { epoch: E1, seq: 10, hash: hexOf(writer.hashes[9] ?? new Uint8Array()) }
    const next = testWriter(STREAM, E2, signer, parent)
    const known = { ...holding(writer, 10), tip: null }
    expect(judgeBatch(testParts, known, next.batch(1, 1))).toMatchObject({ is: 'taken', parent })
    expect(judgeBatch(testParts, { ...holding(writer, 9), tip: null }, next.batch(1, 1))).toEqual({ is: 'parent-missing' })
    const lying = testWriter(STREAM, E2, signer, { ...parent, hash: 'A'.repeat(64) })
    expect(judgeBatch(testParts, known, lying.batch(1, 1))).toEqual({ is: 'parent-missing' })
  })
})

describe('what an authentic writer may not put into its own stream', () => {
  const sealed = (text: string, stream = STREAM): BatchReading => {
    const writer = testWriter(stream, E1, signer)
    const hash = hashAfter(testParts, writer.hashes[0] ?? new Uint8Array(), text)
    const head = { stream, epoch: E1, upto: 2, headHash: hexOf(hash) }
    return {
      ...head,
      from: 1,
      key: signer.key,
      signature: signer.sign(signedHead(testParts, head)),
      entries: [writer.texts[0] ?? '', text],
    }
  }
  const second = (over: Record<string, unknown>) => {
    const writer = testWriter(STREAM, E1, signer)
    return { ...writer.add({ kind: 'gap', body: gapBody('r') }), ...over }
  }
  test.each([
    ['wire.entry-not-canonical', '{ "v": 1 }'],
    ['wire.entry-malformed', canonicalText(second({ v: 1, lines: 'none' }))],
    ['wire.entry-malformed', canonicalText(second({ body: { device: 3 } }))],
    ['wire.entry-misplaced', canonicalText(second({ seq: 9 }))],
    ['wire.entry-misplaced', canonicalText(second({ stream: 'baisha>*' }))],
    ['wire.entry-too-large', canonicalText(second({ doc: 'x'.repeat(17_000) }))],
    ['wire.kind-foreign', canonicalText(second({ kind: 'revoke', body: { node: 'baisha', key: 'A', reason: 'r' } }))],
  ])('%s', (code, text) => {
    // the sound entry before it is taken; the wrong one stops there and is refused when it comes first
    expect(judgeBatch(testParts, { publicKey: signer.publicKey, tip: null, hashAt: () => null }, sealed(text))).toMatchObject({
      is: 'taken',
      entries: [{ seq: 1 }],
    })
    const writer = testWriter(STREAM, E1, signer)
    expect(judgeBatch(testParts, holding(writer, 1), sealed(text))).toMatchObject({ is: 'refused', from: 2, code })
  })

  test('an entry of a later version, or of a kind unknown here, is taken and parked', () => {
    const known = { publicKey: signer.publicKey, tip: null, hashAt: () => null }
    for (const text of [canonicalText(second({ v: 2, more: true })), canonicalText(second({ kind: 'kit-assembled', body: { any: 1 } }))]) {
      expect(judgeBatch(testParts, known, sealed(text))).toMatchObject({ is: 'taken', entries: [{ seq: 1 }, { seq: 2, entry: null }] })
    }
  })
})

describe('a hole stands for a text its writer can no longer read', () => {
  const writer = writerWith(10)
  /** The writer's batch with holes at these numbers. */
  const holed = (from: number, upto: number, ...at: readonly number[]): BatchReading => {
    const batch = writer.batch(from, upto)
    const entries = batch.entries.map((text, index) =>
      at.includes(from + index) ? holeText(writer.hashes[from + index - 1] ?? CHAIN_START) : text,
    )
    return { ...batch, entries }
  }
  /** Drawn: `o` an entry, `_` a hole. */
  const drawn = (entries: readonly { readonly hole?: true }[]) => entries.map(({ hole }) => (hole ? '_' : 'o')).join('')

  test('its text is read as a hole, and its hash is the one it names', () => {
    const hash = writer.hashes[3] ?? CHAIN_START
    expect(holeOf(holeText(hash))).toEqual(hash)
    expect([holeOf('{"hole":"AB"}'), holeOf(writer.texts[3] ?? '')]).toEqual([null, null])
    expect(readEntry(holeText(hash))).toEqual({ known: false, later: null, code: 'hole' })
    expect(hashAfter(testParts, CHAIN_START, holeText(hash))).toEqual(hash)
  })

  test.each([
    // held, from..upto, holes, what becomes of it, what is taken
    [4, 5, 10, [5], 'taken', '_ooooo'],
    [4, 5, 10, [5, 6], 'taken', '__oooo'],
    [4, 5, 5, [5], 'taken', '_'],
    [4, 3, 10, [5], 'taken', '_ooooo'],
    [0, 1, 10, [1], 'taken', '_ooooooooo'],
    [4, 5, 10, [7], 'refused', ''],
    [4, 5, 10, [5, 7], 'refused', ''],
    [10, 5, 10, [7], 'duplicate', ''],
  ] as const)('holding %i, %i..%i with holes at %j comes: %s %s', (held, from, upto, at, is, taken) => {
    const judgement = judgeBatch(testParts, holding(writer, held), holed(from, upto, ...at))
    expect(judgement.is).toBe(is)
    if (judgement.is === 'taken') expect(drawn(judgement.entries)).toBe(taken)
    if (judgement.is === 'refused') expect(judgement.code).toBe('wire.chain-broken')
  })

  test('a text nobody signed cannot be slipped in before a hole', () => {
    const forged = { ...holed(5, 10, 6), entries: [writer.texts[4]?.replace('r4', 'rX') ?? '', ...holed(6, 10, 6).entries] }
    expect(judgeBatch(testParts, holding(writer, 4), forged)).toMatchObject({ is: 'refused', code: 'wire.chain-broken' })
    expect(provedTogether(forged.entries)).toBe(1)
    expect(provedTogether(holed(5, 10, 5, 6, 9).entries)).toBe(4)
    expect(provedTogether(writer.texts)).toBe(10)
  })

  test('an epoch whose first entry is a hole goes on from nothing anybody can check', () => {
    const judgement = judgeBatch(testParts, holding(writer, 0), holed(1, 4, 1))
    expect(judgement).toMatchObject({ is: 'taken', parent: null })
  })

  test('its true text fills it, alone or with what follows; one that came before another hole does not', () => {
    const known = { ...holding(writer, 6), holes: () => [1, 3] }
    const story = (batch: BatchReading) => {
      const judgement = judgeBatch(testParts, known, batch)
      return judgement.is === 'taken' ? `${judgement.filled.map(({ seq }) => seq)} + ${judgement.entries.length}` : judgement.is
    }
    expect(story(writer.batch(1, 6))).toBe('1,3 + 0')
    expect(story(writer.batch(1, 10))).toBe('1,3 + 4')
    expect(story(holed(1, 6, 1))).toBe('3 + 0')
    expect(story(holed(1, 6, 3))).toBe('duplicate')
    expect(story(holed(1, 6, 1, 5))).toBe('duplicate')
    const clone = testWriter(STREAM, E1, signer)
    for (let at = 1; at < 6; at += 1) clone.add({ kind: 'gap', action: `gap-${at}`, body: gapBody(at < 2 ? `r${at}` : `clone${at}`) })
    expect(story(clone.batch(1, 6))).toBe('fork')
  })

  test('brought again as the hole it is held as, it is nothing new, whatever became of the key', () => {
    const known = { ...holding(writer, 6, 'revoked'), holes: () => [1, 3] }
    expect(judgeBatch(testParts, known, holed(1, 6, 1, 3))).toEqual({ is: 'duplicate' })
    expect(judgeBatch(testParts, known, holed(1, 6, 3))).toEqual({ is: 'duplicate' })
    expect(judgeBatch(testParts, known, holed(1, 10, 1, 3))).toMatchObject({ is: 'refused', code: 'wire.key-revoked' })
  })

  test('its true text is proved by the hash that is held, whatever became of the key; nothing new comes in with it, and no signature', () => {
    const known = { ...holding(writer, 6, 'revoked'), holes: () => [1, 3] }
    const story = (batch: BatchReading) => {
      const judgement = judgeBatch(testParts, known, batch)
      if (judgement.is !== 'taken') return judgement.is === 'refused' ? judgement.code : judgement.is
      return `${judgement.filled.map(({ seq }) => seq)} + ${judgement.entries.length}${judgement.unsealed ? ' unsealed' : ''}`
    }
    const whole = writer.batch(1, 6)
    const unsigned = { ...whole, signature: new Uint8Array(64) }
    expect([whole, unsigned, holed(1, 6, 1), writer.batch(1, 10)].map(story)).toEqual([
      '1,3 + 0 unsealed',
      '1,3 + 0 unsealed',
      '3 + 0 unsealed',
      '1,3 + 0 unsealed',
    ])
    const forged = { ...whole, entries: whole.entries.map((text) => text.replace('"r2"', '"rX"')) }
    const sealed = judgeBatch(testParts, { ...known, publicKey: signer.publicKey }, whole)
    expect([story(forged), story(writer.batch(7, 10)), 'unsealed' in sealed]).toEqual(['wire.key-revoked', 'wire.key-revoked', false])
    expect(story({ ...forged, entries: forged.entries.slice(0, 3), upto: 3 })).toBe('wire.key-revoked')
  })
})

describe('what to send follows from the tips', () => {
  const tip = (epoch: string, held: number, parent: readonly [string, number] | null = null): EpochTip => ({
    stream: STREAM,
    epoch,
    held,
    headHash: '',
    applied: held,
    parent: parent ? { epoch: parent[0], seq: parent[1], hash: '' } : null,
  })
  const A = tip('a', 10)
  const B = tip('b', 5, ['a', 10])
  const C = tip('c', 3, ['b', 5])
  const told = (epoch: string, held: number, refused: { from: number; hash: string; code: string }[] = []) => ({
    stream: STREAM,
    epoch,
    held,
    headHash: '',
    applied: held,
    refused,
  })
  const drawn = (...parts: Parameters<typeof stretchesToSend>) =>
    stretchesToSend(...parts)
      .map((stretch) => `${stretch.epoch}${stretch.from}..${stretch.upto}`)
      .join(' ')

  test.each([
    ['nothing is known: all, parents first', [A, B, C], [], 'a1..10 b1..5 c1..3'],
    ['the newest tip says all', [A, B, C], [told('c', 3)], ''],
    ['a tip inside an epoch', [A, B, C], [told('b', 2)], 'b3..5 c1..3'],
    ['ancestors follow from parents, as far as they branched', [A, tip('b', 5, ['a', 4])], [told('b', 5)], 'a5..10'],
    ['the peer went backwards', [A, B, C], [told('a', 7)], 'a8..10 b1..5 c1..3'],
    ['the peer holds more of it than we do', [tip('a', 4)], [told('a', 9)], ''],
    ['a refused stretch is not sent again', [A], [told('a', 3, [{ from: 6, hash: '', code: 'x' }])], 'a4..5'],
    ['an epoch listed with nothing held says nothing of its parent', [A, B], [told('b', 0)], 'a1..10 b1..5'],
    ['the peer lost the middle of its past: what it says rules over what follows', [A, B, C], [told('a', 4), told('c', 3)], 'a5..10'],
  ])('%s', (_story, held, peer, sent) => {
    expect(drawn(held, peer)).toBe(sent)
  })

  test.each([
    ['it holds what it brought, whatever it said before', [A], [told('a', 4)], [told('a', 7)], 'a8..10'],
    ['it brought less than it said to hold', [A], [told('a', 7)], [told('a', 4)], 'a8..10'],
    ['what it brought of an ancestor does not say that it lacks the rest', [A, B, C], [told('c', 3)], [told('a', 4)], ''],
    [
      'what it brought says as little of what it said to lack',
      [A, B, C],
      [told('a', 4), told('c', 3)],
      [told('a', 6), told('b', 2)],
      'a7..10',
    ],
  ])('a peer that speaks and brings: %s', (_story, held, peer, brought, sent) => {
    expect(drawn(held, peer, brought)).toBe(sent)
  })

  test('only tips are told: an epoch that another goes on from its very end is implied', () => {
    expect(tipsToTell([A, B, C]).map((one) => one.epoch)).toEqual(['c'])
    expect(tipsToTell([A, tip('b', 5, ['a', 4])]).map((one) => one.epoch)).toEqual(['a', 'b'])
    expect(tipsToTell([A, tip('b', 0, ['a', 10])]).map((one) => one.epoch)).toEqual(['a', 'b'])
  })

  test('parents come first whatever order the epochs were met in', () => {
    expect(parentsFirst([C, B, A]).map((one) => one.epoch)).toEqual(['a', 'b', 'c'])
  })
})
