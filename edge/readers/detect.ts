import { createFramer, type Framer } from '../serial/framing.ts'
import type { OpenPort, Port } from '../serial/port.ts'
import { SSI_FRAMING, SSI_WAKE } from './barcode/ssi/frames.ts'
import { isSsiAnswer, SSI_PROBE } from './barcode/ssi/kind.ts'
import { FAMILIES, type FamilyName } from './uhf/families.ts'
import type { Family, Learned, Wish } from './uhf/family.ts'

/**
 * Finds what reader or scanner hangs on a port, by questions that change nothing: at each speed it first listens (a module may still be reading for a host that
 * crashed), then asks each family's probe. `null` when nothing known answers; rejects with the port's faults when it does not open.
 */
export const detectReader = async (parts: DetectParts, address: string, say: (step: Step) => void = () => {}): Promise<Found | null> => {
  // A serial server on the network has its speed set at its own end.
  const speeds = address.startsWith('tcp:') ? SPEEDS.slice(0, 1) : SPEEDS
  for (const baud of speeds) {
    const found = await atSpeed(parts, { address, baud }, say)
    if (found !== null) return found
  }
  return null
}

export interface DetectParts {
  readonly openPort: OpenPort
  /** Settles after so many ms. */
  readonly pause: (ms: number) => Promise<void>
}

/** What is being tried, for a person who waits. */
export interface Step {
  readonly baud: number
}

/** A scanner that only sends lines cannot be found: it says nothing until somebody scans. */
export type Found = FoundReader | { readonly kind: 'scanner'; readonly protocol: 'ssi'; readonly baud: number }

export interface FoundReader {
  readonly kind: 'reader'
  readonly family: FamilyName
  readonly baud: number
  /** What the module said of itself. */
  readonly learned: Learned
  /** It was reading when it was found, for somebody else or since a crash; it has been told to stop. */
  readonly wasReading: boolean
}

/** Usual speed first; the reference names these two, the others are what a module can have been set to. */
export const SPEEDS = [115_200, 57_600, 38_400, 9_600, 19_200, 230_400] as const

/** The order of asking. The one without a header comes last: other firmware may take its length byte for noise [rfid.md 1.0]. */
const ORDER: readonly FamilyName[] = (Object.keys(FAMILIES) as FamilyName[]).toSorted((one, other) => rankOf(one) - rankOf(other))

function rankOf(name: FamilyName): number {
  return name.startsWith('uhf') ? 1 : 0
}

const atSpeed = async (
  parts: DetectParts,
  at: { readonly address: string; readonly baud: number },
  say: (step: Step) => void,
): Promise<Found | null> => {
  const heard: Uint8Array[] = []
  const port = await parts.openPort(at.address, { baud: at.baud }, { chunk: (bytes) => heard.push(bytes.slice()), lost: () => {} })
  const talk = { parts, port, heard }
  try {
    say({ baud: at.baud })
    await parts.pause(LISTEN_MS)
    const streaming = ORDER.find((name) => framesIn(FAMILIES[name], heard).length >= FRAMES_SURE)
    if (streaming !== undefined) await silence(talk, FAMILIES[streaming])
    for (const family of streaming === undefined ? ORDER : [streaming, ...ORDER.filter((name) => name !== streaming)]) {
      const learned = await answerOf(talk, FAMILIES[family])
      if (learned !== null) return { kind: 'reader', family, baud: at.baud, learned, wasReading: streaming === family }
    }
    return (await isScanner(talk)) ? { kind: 'scanner', protocol: 'ssi', baud: at.baud } : null
  } finally {
    await port.close()
  }
}

interface Talk {
  readonly parts: DetectParts
  readonly port: Port
  /** What came since it was last emptied. */
  readonly heard: Uint8Array[]
}

const answerOf = async ({ parts, port, heard }: Talk, family: Family): Promise<Learned | null> => {
  const { probe, wake } = family.conversation(ANY_WISH)
  for (const dialect of family.dialects) {
    heard.length = 0
    if (wake.length > 0) await port.write(wake)
    await port.write(probe.bytes(dialect))
    await parts.pause(ANSWER_MS)
    for (const frame of framesIn(family, heard)) {
      const answer = probe.answer(frame)
      if (answer?.ok) return answer.learned
    }
  }
  return null
}

const isScanner = async ({ parts, port, heard }: Talk): Promise<boolean> => {
  heard.length = 0
  await port.write(SSI_WAKE)
  await parts.pause(WAKE_MS)
  await port.write(SSI_PROBE)
  await parts.pause(ANSWER_MS)
  const framer = createFramer(SSI_FRAMING)
  return heard.flatMap((chunk) => framer.take(chunk)).some((piece) => piece.kind === 'frame' && isSsiAnswer(piece.bytes))
}

/** A module that reads may be deaf to all but stop. */
const silence = async ({ parts, port, heard }: Talk, family: Family): Promise<void> => {
  const { stop } = family.conversation(ANY_WISH)
  for (let tried = 0; tried < STOPS_MAX; tried += 1) {
    for (const dialect of family.dialects) await port.write(stop.bytes(dialect))
    heard.length = 0
    await parts.pause(ANSWER_MS * 2)
    if (framesIn(family, heard).length <= 1) return
  }
}

const framesIn = (family: Family, chunks: readonly Uint8Array[]): readonly Uint8Array[] => {
  const framer: Framer = createFramer(family.framing)
  return [...chunks.flatMap((chunk) => framer.take(chunk)), ...framer.gap()].flatMap((piece) =>
    piece.kind === 'frame' ? [piece.bytes] : [],
  )
}

/** A probe does not hang on it. */
const ANY_WISH: Wish = { region: 'CN900', powerDbm: 20, session: 0, ports: [1] }
const LISTEN_MS = 300
/** A module answers a version question in some milliseconds; an adapter and a bridge hold it back up to a hundred. */
const ANSWER_MS = 150
/** One frame may stand in noise by chance; two hardly. */
const FRAMES_SURE = 2
const STOPS_MAX = 5
/** A scanner module that slept needs this long to hear [rfid.md 2]. */
const WAKE_MS = 50
