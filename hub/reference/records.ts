import type { Limits } from './limits.ts'
import { stop } from './stops.ts'
import type { ZipEntry } from './zip.ts'

/** What a stretch of a part came to: whole records as text, and what could not be one. */
export interface Stretch {
  readonly records: readonly string[]
  /** Records that were longer than any may be: passed over, never held. */
  readonly tooLong: number
  /** The part ended inside a record. */
  readonly cut: boolean
}

/**
 * Cuts one part of a release into its records (`<device>` to `</device>`), stretch by stretch, so that a fault in one record costs that record.
 * The encoding is the one its first stretch really is in: UTF-8, what it declares, GB18030.
 */
export const recordsOf = async function* (entry: ZipEntry, limits: Limits): AsyncGenerator<Stretch, void, void> {
  const cutter = openCutter(entry.name, limits)
  let decoder: InstanceType<typeof TextDecoder> | null = null
  for await (const chunk of entry.unpack()) {
    decoder ??= new TextDecoder(encodingOf(entry.name, chunk))
    yield cutter.cut(decoder.decode(chunk, { stream: true }))
  }
  yield { ...cutter.cut(decoder?.decode() ?? ''), cut: cutter.inside() }
}

const OPEN = '<device'
const CLOSE = '</device>'

const openCutter = (entry: string, limits: Limits) => {
  let rest = ''
  let state: 'frame' | 'record' | 'too-long' = 'frame'
  let frameChars = 0
  /** How far `rest` was searched for the end of its record: a long record is not searched anew with every stretch. */
  let searched = 0
  const frame = (upto: number) => {
    // Without a type declaration no entity can be made, so none can explode.
    if (/<!(DOCTYPE|ENTITY)/i.test(rest.slice(0, upto + TAIL))) throw stop('reference.doctype', { entry })
    frameChars += upto
    if (frameChars > limits.frameCharsMax) throw stop('reference.frame-too-long', { entry })
    rest = rest.slice(upto)
  }
  /** Goes to where the next record begins; `false`: not in what is here. */
  const begin = (): boolean => {
    const at = startIn(rest)
    frame(at ?? Math.max(0, rest.length - TAIL))
    if (at === null) return false
    state = 'record'
    searched = 0
    return true
  }
  const cut = (text: string): Stretch => {
    rest += text
    const records: string[] = []
    let tooLong = 0
    while (state !== 'frame' || begin()) {
      const end = rest.indexOf(CLOSE, searched)
      if (end >= 0) {
        const record = rest.slice(0, end + CLOSE.length)
        rest = rest.slice(end + CLOSE.length)
        if (state === 'record' && record.length <= limits.recordCharsMax) records.push(record)
        else tooLong += 1
        state = 'frame'
        continue
      }
      if (rest.length > limits.recordCharsMax) state = 'too-long'
      if (state === 'too-long') rest = rest.slice(-TAIL)
      searched = Math.max(0, rest.length - TAIL)
      break
    }
    return { records, tooLong, cut: false }
  }
  return { cut, inside: () => state !== 'frame' }
}
/** The longest beginning of a mark that a stretch may end with. */
const TAIL = 16

/** `<devices>` begins like a record and is none. */
const startIn = (text: string): number | null => {
  for (let at = text.indexOf(OPEN); at >= 0; at = text.indexOf(OPEN, at + 1)) {
    const next = text[at + OPEN.length]
    if (next === undefined) return null
    if (!/[\w.-]/.test(next)) return at
  }
  return null
}

/** What the first stretch is really in. A declaration that its own bytes belie is not believed [A of 4.3: nobody could show a release]. */
const encodingOf = (entry: string, first: Uint8Array): string => {
  if (first[0] === 0xff && first[1] === 0xfe) return 'utf-16le'
  if (first[0] === 0xfe && first[1] === 0xff) return 'utf-16be'
  const declared = /<\?xml[^>]*encoding\s*=\s*["']([^"']{1,40})["']/.exec(Buffer.from(first.subarray(0, 200)).toString('latin1'))?.[1]
  if (declared !== undefined && !isKnown(declared)) throw stop('reference.encoding-unknown', { entry, encoding: declared })
  const isAscii = first.every((byte) => byte < 0x80)
  if (isAscii) return declared ?? 'utf-8'
  return ['utf-8', declared, 'gb18030'].find((encoding) => encoding !== undefined && fits(encoding, first)) ?? 'utf-8'
}

const isKnown = (encoding: string): boolean => {
  try {
    return new TextDecoder(encoding).encoding !== ''
  } catch {
    return false
  }
}

const fits = (encoding: string, bytes: Uint8Array): boolean => {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true })
    return true
  } catch {
    return false
  }
}
