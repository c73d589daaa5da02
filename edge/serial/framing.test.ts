import { readFileSync } from 'node:fs'
import { bytesOfHex, hexOf } from '@lotkeeper/protocol/bytes.ts'
import { describe, expect, it } from 'vitest'
import { BB7E } from '../readers/uhf/bb7e/family.ts'
import { FRAMING } from '../readers/uhf/bb7e/frames.ts'
import { familyOf } from '../readers/uhf/families.ts'
import { createFramer, type Framed, type Framing, MORE } from './framing.ts'

interface FrameVector {
  readonly family: string
  readonly name: string
  readonly hex: string
  readonly valid: boolean
}
interface StreamVector {
  readonly family: string
  readonly name: string
  readonly chunks: readonly string[]
  readonly expectFrames: readonly string[]
  readonly expectRejects: number
}
const fixture = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../readers/uhf/fixtures/${name}.json`, import.meta.url), 'utf8')) as T
const frames = fixture<readonly FrameVector[]>('frames').filter(({ family, valid }) => valid && familyOf(family) === BB7E)
const streams = fixture<readonly StreamVector[]>('streams').filter(({ family }) => familyOf(family) === BB7E)

const bytes = (hex: string): Uint8Array => {
  const read = bytesOfHex(hex)
  if (read === null) throw new Error(`no hex: ${hex}`)
  return read
}
/** Plays chunks (empty = silence) and then a last silence. */
const play = (framing: Framing, chunks: readonly string[]): readonly Framed[] => {
  const framer = createFramer(framing)
  return [...chunks.flatMap((chunk) => (chunk === '' ? framer.gap() : framer.take(bytes(chunk)))), ...framer.gap()]
}
const framesIn = (pieces: readonly Framed[]) => pieces.filter(({ kind }) => kind === 'frame').map((piece) => hexOf(piece.bytes))
const noiseIn = (pieces: readonly Framed[]) =>
  pieces.flatMap((piece) => (piece.kind === 'noise' ? [`${piece.reason} ${hexOf(piece.bytes)}`] : []))
const all = (pieces: readonly Framed[]) => pieces.map((piece) => hexOf(piece.bytes)).join('')

const TAG = 'BB02220011D130003074257BF7194E4000001A85AAF95A7E'
const IDLE = 'BB01FF000115167E'

describe('the framer on recorded streams', () => {
  it.each(streams)('$name', ({ chunks, expectFrames, expectRejects }) => {
    const pieces = play(FRAMING, chunks)
    expect(framesIn(pieces)).toEqual(expectFrames)
    expect(noiseIn(pieces).length).toBeGreaterThanOrEqual(expectRejects)
    if (expectRejects === 0) expect(noiseIn(pieces)).toEqual([])
    expect(all(pieces)).toBe(chunks.join(''))
  })
})

describe('every cut and every wrong byte', () => {
  it.each(frames)('$name: cut anywhere, it is one frame', ({ hex }) => {
    for (let cut = 2; cut < hex.length; cut += 2) expect(play(FRAMING, [hex.slice(0, cut), hex.slice(cut)])).toHaveLength(1)
  })

  it.each(frames)('$name: one byte at a time', ({ hex }) => {
    expect(framesIn(play(FRAMING, hex.match(/../g) ?? []))).toEqual([hex])
  })

  // One wrong byte: the frame is reported, never told; the frame after it is told; no byte is unaccounted for.
  it.each(frames)('$name: any byte changed to any other', ({ hex }) => {
    for (let at = 0; at < hex.length / 2; at += 1) {
      for (const change of [0x01, 0x10, 0x80, 0xff]) {
        const wrong = bytes(hex)
        wrong[at] = (wrong[at] as number) ^ change
        const sent = hexOf(wrong) + TAG
        const pieces = play(FRAMING, [sent])
        expect(framesIn(pieces), `${at} ${change}`).not.toContain(hexOf(wrong))
        expect(framesIn(pieces).at(-1), `${at} ${change}`).toBe(TAG)
        expect(all(pieces)).toBe(sent)
      }
    }
  })

  it.each(frames)('$name: any byte lost', ({ hex }) => {
    for (let at = 0; at < hex.length; at += 2) {
      const pieces = play(FRAMING, [hex.slice(0, at) + hex.slice(at + 2) + TAG])
      expect(framesIn(pieces).at(-1)).toBe(TAG)
      expect(noiseIn(pieces).length).toBeGreaterThan(0)
    }
  })
})

describe('noise', () => {
  it.each([
    ['what begins no frame', ['0011', TAG], ['header 0011']],
    ['a length beyond the cap', [`BB02FFFFFF${TAG}`], ['length BB02FFFFFF']],
    ['a type there is none of', [`BB03${TAG}`], ['length BB03']],
    ['a wrong sum', [`BB01280001002B7E${TAG}`], ['checksum BB01280001002B7E']],
    ['a wrong end', [`BB01280001002ADD${TAG}`], ['end BB01280001002ADD']],
    ['a half frame, then silence', [TAG.slice(0, 20), '', TAG], [`gap ${TAG.slice(0, 20)}`]],
  ])('%s is reported with its reason', (_, chunks, expected) => {
    const pieces = play(FRAMING, chunks)
    expect(noiseIn(pieces)).toEqual(expected)
    expect(framesIn(pieces)).toEqual([TAG])
  })

  it('a whole frame behind a false header comes out when the line falls silent', () => {
    const framer = createFramer(FRAMING)
    expect(framer.take(bytes(`BB020001F0${IDLE}`))).toEqual([])
    expect(framesIn(framer.gap())).toEqual([IDLE])
    expect(framer.waiting()).toBe(0)
  })

  it('holds back no more than one frame, however much noise comes, and does not go deeper with it', () => {
    const framer = createFramer(FRAMING)
    const flood = new Uint8Array(1_000_000).fill(0xbb)
    let lost = 0
    for (let round = 0; round < 3; round += 1) for (const piece of framer.take(flood)) lost += piece.bytes.length
    expect(framer.waiting()).toBeLessThanOrEqual(FRAMING.bytesMax)
    expect(lost + framer.waiting()).toBe(3_000_000)
  })

  it('keeps its own copy of what it holds back: drivers reuse their buffers', () => {
    const framer = createFramer(FRAMING)
    const buffer = bytes(TAG.slice(0, 20))
    framer.take(buffer)
    buffer.fill(0)
    expect(framesIn(framer.take(bytes(TAG.slice(20))))).toEqual([TAG])
  })
})

/** Two more shapes the table must hold: a family without header, resynchronised by silence, and one with bare keep-alive bytes. */
const HEADERLESS: Framing = {
  bytesMax: 256,
  starts: () => true,
  total: (held, at) => ((held[at] as number) < 4 ? -1 : (held[at] as number) + 1),
  check: (held, at, total) => (held.subarray(at, at + total).reduce((sum, byte) => sum ^ byte, 0) === 0 ? null : 'checksum'),
  gapMs: 50,
}
const WITH_IDLE_BYTES: Framing = {
  bytesMax: 64,
  starts: (byte) => byte === 0xa5,
  total: (held, at) => (held.length - at < 2 ? MORE : (held[at + 1] as number)),
  check: () => null,
  gapMs: 50,
  idleBytes: [0x00],
}

describe('tables of other shapes', () => {
  it('a headerless family finds its frame again after a silence', () => {
    const good = '0401020304'
    const whole = good.slice(0, 8) + (0x04 ^ 0x01 ^ 0x02 ^ 0x03).toString(16).padStart(2, '0').toUpperCase()
    expect(framesIn(play(HEADERLESS, [`${whole.slice(0, 8)}FF`, '', whole]))).toEqual([whole])
  })

  it('idle bytes between frames are passed over without a report, inside noise they are noise', () => {
    expect(noiseIn(play(WITH_IDLE_BYTES, ['0000A50301', '00']))).toEqual([])
    expect(noiseIn(play(WITH_IDLE_BYTES, ['110011A50301']))).toEqual(['header 110011'])
  })
})
