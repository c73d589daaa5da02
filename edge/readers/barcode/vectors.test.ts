import { readFileSync } from 'node:fs'
import { bytesOfHex } from '@lotkeeper/protocol/bytes.ts'
import { scanOf } from '@lotkeeper/protocol/codes/aim.ts'
import { describe, expect, it } from 'vitest'
import { createFramer } from '../../serial/framing.ts'
import { type Heard, PLAIN_PROFILE, type ScannerKind } from './kind.ts'
import { SCANNER_KINDS } from './kinds.ts'
import { SSI_FRAMING } from './ssi/frames.ts'

interface Vector {
  readonly transport: 'SSI' | 'raw-serial'
  readonly name: string
  readonly hex: string
  readonly valid: boolean
  readonly expected?: { readonly aim: string | null; readonly payload: string; readonly leadingSeparator?: boolean }
}
const VECTORS = JSON.parse(readFileSync(new URL('./fixtures/scans.json', import.meta.url), 'utf8')) as readonly Vector[]
const bytesIn = (hex: string): Uint8Array => bytesOfHex(hex) ?? new Uint8Array(0)
const BAR = { ...PLAIN_PROFILE, separator: '|' }

const played = (kind: ScannerKind, chunks: readonly Uint8Array[]): readonly Heard[] => {
  const ear = kind.open(BAR)
  const heard = chunks.flatMap((chunk) => ear.take(chunk))
  return [...heard, ...ear.gap()]
}
const splits = (bytes: Uint8Array): readonly (readonly Uint8Array[])[] =>
  Array.from(bytes, (_, at) => [bytes.subarray(0, at), bytes.subarray(at)])

describe('lines of the vectors', () => {
  const lines = VECTORS.filter(({ transport }) => transport === 'raw-serial')
  it.each(lines)('$name, cut anywhere, by every kind of line', ({ hex, expected }) => {
    const { aim, payload, leadingSeparator = false } = expected ?? { aim: '', payload: '' }
    const bytes = bytesIn(hex)
    for (const kind of [SCANNER_KINDS.line, SCANNER_KINDS.honeywell, SCANNER_KINDS.newland, SCANNER_KINDS.datalogic])
      for (const chunks of splits(bytes)) {
        const heard = played(kind, chunks)
        expect(heard.map((one) => one.kind)).toEqual(['scan'])
        expect(heard[0]?.kind === 'scan' ? scanOf(heard[0].text) : null).toEqual({ aim, payload, leadingSeparator })
      }
  })
})

describe('packets of the vectors', () => {
  const packets = VECTORS.filter(({ transport }) => transport === 'SSI')
  it.each(packets)('$name, cut anywhere', ({ hex, valid }) => {
    const bytes = bytesIn(hex)
    for (const chunks of splits(bytes)) {
      const framer = createFramer(SSI_FRAMING)
      const pieces = [...chunks.flatMap((chunk) => framer.take(chunk)), ...framer.gap()]
      if (valid) expect(pieces.map((piece) => piece.kind)).toEqual(['frame'])
      else expect(pieces.filter((piece) => piece.kind === 'frame')).toEqual([])
    }
  })

  it.each(packets)('$name, with any one byte wrong, is never a frame and never lost in silence', ({ hex, valid }) => {
    const bytes = bytesIn(hex)
    for (let at = 0; valid && at < bytes.length; at += 1)
      for (let wrong = 1; wrong < 256; wrong += 1) {
        const framer = createFramer(SSI_FRAMING)
        const flipped = bytes.map((byte, here) => (here === at ? byte ^ wrong : byte))
        const pieces = [...framer.take(flipped), ...framer.gap(), ...framer.gap()]
        expect(pieces.filter((piece) => piece.kind === 'frame')).toEqual([])
        expect(pieces.length).toBeGreaterThan(0)
      }
  })
})
