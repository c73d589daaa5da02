import { type Kind, layout, rest, sized, text, u8, u16, u32 } from '../../../serial/layout.ts'
import type { Read } from '../family.ts'
import { dataAt, wordAt } from './frames.ts'
import { lengthed } from './messages.ts'

/** What stands in a tag notice before its options. */
export const TAG_HEAD = layout([
  ['epc', lengthed],
  ['pc', u16],
  ['antenna', u8],
  ['options', rest],
])

/**
 * The read in a tag notice, straight from the bytes. `FAILED` when its lengths contradict the frame; of options nobody knows, and what follows them,
 * nothing is used.
 */
export const readOf = (frame: Uint8Array): Read => {
  const begin = dataAt(frame)
  const end = frame.length - 2
  const epcEnd = begin + 2 + wordAt(frame, begin)
  if (epcEnd + 3 > end) return FAILED
  let rssiRaw = 0
  let rssiDbm: number | null = null
  for (let at = epcEnd + 3; at < end; ) {
    const option = frame[at] as number
    const bytes = WIDTHS[option] as number
    if (bytes === UNKNOWN) break
    const next = at + 1 + (bytes === COUNTED ? 2 + wordAt(frame, at + 1) : bytes)
    if (next > end) break
    if (option === RSSI) rssiRaw = frame[at + 1] as number
    if (option === RSSI_DBM) rssiDbm = dbmOf((wordAt(frame, at + 1) << 16) >> 16)
    at = next
  }
  // The unit of the phase is not documented, and the tag's CRC is not passed on.
  const [port, pc] = [frame[epcEnd + 2] as number, wordAt(frame, epcEnd)]
  return { port, epc: frame.subarray(begin + 2, epcEnd), pc, rssiDbm, rssiRaw, phaseDeg: null, crcOk: null }
}

const i16: Kind<number> = {
  read: (from, before) => {
    const word = u16.read(from, before)
    return word === undefined ? undefined : (word << 16) >> 16
  },
  write: (value, to) => u16.write(value & 0xffff, to),
}
const bytesOf = (count: number): Kind<Uint8Array> => sized('', () => count)
const letters: Kind<string> = {
  read: (from, before) => {
    const bytes = lengthed.read(from, before)
    return bytes === undefined ? undefined : text.read({ bytes, at: 0 }, before)
  },
  write: (value, to) => {
    u16.write(value.length, to)
    text.write(value, to)
  },
}

/** What may follow in a tag notice, by number; from 0B on of newer readers [GClient SDK, Python and Java]. */
export const OPTIONS = {
  1: { name: 'rssiRaw', bytes: 1, kind: u8 },
  2: { name: 'result', bytes: 1, kind: u8 },
  3: { name: 'tid', bytes: -1, kind: lengthed },
  4: { name: 'user', bytes: -1, kind: lengthed },
  5: { name: 'reserved', bytes: -1, kind: lengthed },
  6: { name: 'childAntenna', bytes: 1, kind: u8 },
  7: {
    name: 'utc',
    bytes: 8,
    kind: {
      read: (from, before) => {
        const [utcSec, utcUs] = [u32.read(from, before), u32.read(from, before)]
        return utcSec === undefined || utcUs === undefined ? undefined : { utcSec, utcUs }
      },
      write: ({ utcSec, utcUs }, to) => {
        u32.write(utcSec, to)
        u32.write(utcUs, to)
      },
    } as Kind<{ readonly utcSec: number; readonly utcUs: number }>,
  },
  8: { name: 'freqKHz', bytes: 4, kind: u32 },
  9: { name: 'phase', bytes: 1, kind: u8 },
  10: { name: 'epcBank', bytes: -1, kind: lengthed },
  11: { name: 'challenge', bytes: -1, kind: lengthed },
  12: { name: 'tagResponse', bytes: -1, kind: lengthed },
  17: { name: 'ltu27', bytes: 2, kind: u16 },
  18: { name: 'ltu31', bytes: 2, kind: i16 },
  19: { name: 'kunYue', bytes: 2, kind: u16 },
  20: { name: 'rssiDbm', bytes: 2, kind: i16 },
  21: { name: 'crc', bytes: 2, kind: u16 },
  22: { name: 'quanray', bytes: 8, kind: bytesOf(8) },
  32: { name: 'serial', bytes: -1, kind: letters },
  34: { name: 'replyNumber', bytes: 4, kind: u32 },
} as const satisfies Readonly<Record<number, { readonly name: string; readonly bytes: number; readonly kind: Kind<never> | Kind<unknown> }>>

/** The option written as it stands in a notice, for simulated readers. */
export const optionBytes = <O extends keyof typeof OPTIONS>(option: O, value: OptionValue<O>): readonly number[] => {
  const to: number[] = [Number(option)]
  ;(OPTIONS[option].kind as Kind<OptionValue<O>>).write(value, to)
  return to
}
export type OptionValue<O extends keyof typeof OPTIONS> = (typeof OPTIONS)[O]['kind'] extends Kind<infer V> ? V : never

/** Sixteen bits can hold finer units; only what can be whole dBm of a tag is taken for that. */
const dbmOf = (value: number): number | null => (value >= -128 && value < 20 ? value : null)

const UNKNOWN = 0
const COUNTED = -1
const RSSI = 1
const RSSI_DBM = 20
const WIDTHS = Int8Array.from(
  { length: 256 },
  (_, option) => (OPTIONS as Readonly<Record<number, { readonly bytes: number }>>)[option]?.bytes ?? UNKNOWN,
)
const FAILED: Read = { port: 1, epc: new Uint8Array(0), pc: 0, rssiDbm: null, rssiRaw: 0, phaseDeg: null, crcOk: false }
