import { GS } from '@lotkeeper/protocol/codes/aim.ts'
import { createFramer, type Framed, type NoiseReason } from '../../../serial/framing.ts'
import type { Garbage, Heard, ScannerEar, ScannerProfile } from '../kind.ts'
import { aimedText, withoutLead } from '../symbologies.ts'
import { textOf } from '../text-coding.ts'
import { AIM_SHAPE } from '../unwrap.ts'
import { ssiSymbology } from './code-types.ts'
import { DECODER, hostFrame, MORE_PACKETS, RESENT, readSsi, SSI_FRAMING, type SsiFrame } from './frames.ts'
import { opcodeRow } from './opcodes.ts'

/**
 * Hears a Zebra scanner that sends packets: every scan and event is acknowledged at once, a packet whose check fails is asked for again, what was sent
 * again because our answer was lost is told only once, and a message in several packets is one scan.
 */
export const createSsiEar = (profile: ScannerProfile): ScannerEar => {
  const framer = createFramer(SSI_FRAMING)
  const ear: Ear = { profile, parts: [], bytes: 0, type: 0, last: null, spoilt: false, nakked: false }
  const told = (pieces: readonly Framed[]) =>
    pieces.flatMap((piece) => (piece.kind === 'frame' ? hear(ear, piece.bytes) : lost(ear, piece)))
  return {
    take: (chunk) => told(framer.take(chunk)),
    gap: () => (framer.waiting() > 0 ? told(framer.gap()) : ear.parts.length > 0 ? [dropped(ear, 'unterminated')] : []),
    waiting: () => framer.waiting() + ear.bytes,
    gapMs: () => (framer.waiting() > 0 ? SSI_FRAMING.gapMs : MESSAGE_GAP_MS),
  }
}

interface Ear {
  readonly profile: ScannerProfile
  /** Packets of a message whose last has not come. */
  parts: Uint8Array[]
  bytes: number
  type: number
  /** The last packet of scan data that was taken. */
  last: SsiFrame | null
  /** Whether bytes were spoilt since then: what is sent again then is new to us. */
  spoilt: boolean
  /** Whether a packet was asked for again and none came since: what is left of the spoilt one asks for nothing more. */
  nakked: boolean
}

const hear = (ear: Ear, bytes: Uint8Array): readonly Heard[] => {
  const frame = readSsi(bytes)
  ear.nakked = false
  const body = frame.source === DECODER ? opcodeRow(frame.opcode)?.body : undefined
  if (body === 'scan') return [{ kind: 'reply', bytes: ACK }, ...taken(ear, { ...frame, body: frame.body.slice() })]
  const told: Heard = { kind: 'told', frame: bytes.slice() }
  // What is sent again waits for an acknowledgement that was lost or that we do not owe; giving it ends the repeating.
  const owed = body === 'event' || (body !== undefined && (frame.status & RESENT) !== 0)
  return owed ? [{ kind: 'reply', bytes: ACK }, told] : [told]
}

const taken = (ear: Ear, frame: SsiFrame): readonly Heard[] => {
  const isRepeat = (frame.status & RESENT) !== 0 && !ear.spoilt && ear.last !== null && isSame(ear.last, frame)
  if (isRepeat) return [{ kind: 'repeat' }]
  ear.last = frame
  ear.spoilt = false
  const [type = 0] = frame.body
  const isFirst = ear.parts.length === 0
  if (isFirst) ear.type = type
  // Scanners differ in whether packets after the first begin with the code type too.
  const part = isFirst || type === ear.type ? frame.body.subarray(1) : frame.body
  ear.parts.push(part)
  ear.bytes += part.length
  if (ear.bytes > ear.profile.bytesMax) return [dropped(ear, 'too-long')]
  if ((frame.status & MORE_PACKETS) !== 0) return []
  return [scanOf(ear)]
}

const isSame = (a: SsiFrame, b: SsiFrame): boolean =>
  ((a.status ^ b.status) & MORE_PACKETS) === 0 && a.body.length === b.body.length && a.body.every((byte, at) => byte === b.body[at])

const scanOf = (ear: Ear): Heard => {
  const { type, profile } = ear
  const whole = wholeOf(ear)
  const body = unterminated(whole)
  if (body.some((byte) => (byte < 0x20 || byte === 0x7f) && !KEPT.includes(byte))) return garbageOf(whole, 'control-characters')
  const coded = textOf(body, profile.coding)
  if (coded === null) return garbageOf(whole, 'not-utf8')
  const [aim = ''] = AIM_SHAPE.exec(coded) ?? []
  const bare = coded.slice(aim.length)
  const text = profile.separator === null ? bare : bare.replaceAll(profile.separator, GS)
  if (aim !== '') return { kind: 'scan', text: withoutLead(`${aim}${text}`), notices: [] }
  const symbology = ssiSymbology(type)
  if (symbology === undefined) return { kind: 'scan', text, notices: ['scanner.type-unknown'] }
  return { kind: 'scan', text: aimedText(symbology, text), notices: profile.aim === true ? ['scanner.aim-missing'] : [] }
}

const wholeOf = (ear: Ear): Uint8Array => {
  const whole = Uint8Array.from(ear.parts.flatMap((part) => [...part]))
  ear.parts = []
  ear.bytes = 0
  return whole
}

/** Without the line end that the scanner may be set to send inside its packets too. */
const unterminated = (bytes: Uint8Array): Uint8Array => {
  let to = bytes.length
  while (to > 0 && (bytes[to - 1] === 0x0d || bytes[to - 1] === 0x0a)) to -= 1
  return bytes.subarray(0, to)
}

/** Only a frame that was cut or spoilt is asked for again; bytes between frames nobody sent on purpose. */
const lost = (ear: Ear, { bytes, reason }: { readonly bytes: Uint8Array; readonly reason: NoiseReason }): readonly Heard[] => {
  ear.spoilt = true
  if (reason !== 'checksum' && reason !== 'gap') return [garbageOf(bytes, 'no-frame')]
  const garbage = garbageOf(bytes, reason === 'gap' ? 'unterminated' : 'checksum')
  if (ear.nakked) return [garbage]
  ear.nakked = true
  return [garbage, { kind: 'reply', bytes: NAK_RESEND }]
}

const dropped = (ear: Ear, reason: Garbage['reason']): Garbage => garbageOf(wholeOf(ear), reason)
const garbageOf = (bytes: Uint8Array, reason: Garbage['reason']): Garbage => ({ kind: 'garbage', bytes: bytes.slice(), reason })

const ACK = hostFrame('CMD_ACK')
const NAK_RESEND = hostFrame('CMD_NAK', [1])
/** Between two packets of a message a scanner waits some 2 s for our answer and sends again. */
const MESSAGE_GAP_MS = 5_000
/** Tab, line ends and the separators of ISO/IEC 15434: packets need no line ends, so a text of several lines comes whole. */
const KEPT: readonly number[] = [0x04, 0x09, 0x0a, 0x0d, 0x1c, 0x1d, 0x1e, 0x1f]
