import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import { aimRow, scanOf } from '@lotkeeper/protocol/codes/aim.ts'
import { createFramer, type Framed } from '../../serial/framing.ts'
import { type Heard, PLAIN_PROFILE, type ScannerEar, type ScannerProfile } from './kind.ts'
import { SCANNER_KINDS, type ScannerKindName } from './kinds.ts'
import { decodedSsi } from './ssi/decoded.ts'
import { SSI_FRAMING } from './ssi/frames.ts'

/**
 * Plays a scanner's recorded bytes as a live port would: `{"frame","decoded"}` for each packet of either side where the kind has packets,
 * `{"scan":{"t","text","aim","payload","symbology","leadingSeparator","notices"}}` for each scan, `{"repeat":{"t"}}` for one that was sent again,
 * `{"reject","reason"}` for bytes that were neither.
 */
export const createScanPlayer = (kind: ScannerKindName, wished: Partial<ScannerProfile> = {}): ScanPlayer => {
  const ear = SCANNER_KINDS[kind].open({ ...PLAIN_PROFILE, ...wished })
  const framer = createFramer(SSI_FRAMING)
  let last = 0
  let lost: { readonly bytes: readonly number[]; readonly reason: string } | null = null
  const rejects = (): readonly object[] => {
    const said = lost === null ? [] : [{ reject: hexOf(Uint8Array.from(lost.bytes)), reason: lost.reason }]
    lost = null
    return said
  }
  // The end of a spoilt packet may look like the head of another: what was lost in one stretch is told in one piece.
  const packets = (pieces: readonly Framed[], t: number): readonly object[] => {
    const said = pieces.flatMap((piece) => {
      if (piece.kind === 'frame') {
        return [...rejects(), { frame: hexOf(piece.bytes), decoded: decodedSsi(piece.bytes) }, ...saidOf(ear.take(piece.bytes), t)]
      }
      lost = { bytes: [...(lost?.bytes ?? []), ...piece.bytes], reason: lost?.reason ?? piece.reason }
      return []
    })
    return framer.waiting() === 0 ? [...said, ...rejects()] : said
  }
  const gap = () => (kind === 'ssi' ? [...packets(framer.gap(), last), ...saidOf(endOf(ear), last)] : saidOf(endOf(ear), last))
  return {
    take: (bytes, t) => {
      last = t
      return kind === 'ssi' ? packets(framer.take(bytes), t) : saidOf(ear.take(bytes), t)
    },
    gap: () => (kind === 'ssi' ? packets(framer.gap(), last) : gap()),
    end: gap,
  }
}

export interface ScanPlayer {
  /** `t` as recorded, ms. */
  readonly take: (bytes: Uint8Array, t: number) => readonly object[]
  /** A silence inside which no frame and no line goes on; a message of several packets may. */
  readonly gap: () => readonly object[]
  readonly end: () => readonly object[]
}

const endOf = (ear: ScannerEar): readonly Heard[] => {
  const heard: Heard[] = []
  while (ear.waiting() > 0) heard.push(...ear.gap())
  return heard
}

const saidOf = (heard: readonly Heard[], t: number): readonly object[] =>
  heard.flatMap((one): readonly object[] => {
    if (one.kind === 'garbage') return [{ reject: hexOf(one.bytes), reason: one.reason }]
    if (one.kind === 'repeat') return [{ repeat: { t } }]
    if (one.kind !== 'scan') return []
    const { aim, payload, leadingSeparator } = scanOf(one.text)
    const symbology = aim === null ? null : (aimRow(aim)?.symbology ?? null)
    return [{ scan: { t, text: one.text, aim, payload, symbology, leadingSeparator, notices: one.notices } }]
  })
