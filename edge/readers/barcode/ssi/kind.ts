import type { ScannerAnswer, ScannerAsk, ScannerKind } from '../kind.ts'
import { textOf } from '../text-coding.ts'
import { decodedSsi, paramsOf } from './decoded.ts'
import { createSsiEar } from './ear.ts'
import { DECODER, hostFrame, readSsi, SSI_WAKE } from './frames.ts'
import { CODE_ID, opcodeOf, SSI_PARAMS, type SsiName } from './opcodes.ts'

/** Zebra (Symbol, Motorola) scanners and modules that send packets, and those that speak like them. */
export const SSI: ScannerKind = {
  name: 'ssi',
  open: createSsiEar,
  answers: 'frames',
  decoded: decodedSsi,
  opening: ({ configure }) => [WAKE, REVISION, ...(configure ? [SEND_AIM, READ_BACK] : []), ENABLE],
  acknowledge: (good) =>
    good ? [once('LED_ON', [GREEN]), once('BEEP', [BEEP_GOOD])] : [once('LED_OFF', [GREEN]), once('BEEP', [BEEP_REFUSED])],
}

/** Whether a frame is a scanner's own answer to REQUEST_REVISION or CAPABILITIES_REQUEST, or its refusal: what detection looks for. */
export const isSsiAnswer = (frame: Uint8Array): boolean => {
  const { opcode, source } = readSsi(frame)
  return (
    source === DECODER &&
    (['REPLY_REVISION', 'CAPABILITIES_REPLY', 'CMD_ACK', 'CMD_NAK'] as const).some((name) => opcodeOf(name) === opcode)
  )
}

/** Read-only question that any scanner of this kind answers, for detection; a sleeping module needs `SSI_WAKE` first. */
export const SSI_PROBE = hostFrame('REQUEST_REVISION')

/** What is set: scans come in packets, each begins with its AIM id, and packets wait for our answer. */
const WISHED: readonly (readonly [number, number])[] = [
  [SSI_PARAMS.packets, 1],
  [SSI_PARAMS.codeId, CODE_ID.aim],
  [SSI_PARAMS.ackNak, 1],
]
const NO_BEEP = 0xff

const whole = (frame: Uint8Array, ok: boolean): ScannerAnswer => ({ ok, from: 0, to: frame.length })

/** The plain answer to a command: taken or refused. */
const plainAnswer = (frame: Uint8Array): ScannerAnswer | null => {
  const { opcode, source } = readSsi(frame)
  if (source !== DECODER) return null
  if (opcode === opcodeOf('CMD_ACK')) return whole(frame, true)
  return opcode === opcodeOf('CMD_NAK') ? whole(frame, false) : null
}

const ask = (name: SsiName, body: readonly number[], rest: Partial<ScannerAsk> = {}): ScannerAsk => ({
  name,
  bytes: hostFrame(name, body),
  answer: plainAnswer,
  waitMs: ANSWER_MS,
  tries: 2,
  needed: true,
  ...rest,
})

/** A command of the moment: nobody wants it later. */
const once = (name: SsiName, body: readonly number[] = []): ScannerAsk => ask(name, body, { needed: false, tries: 1 })

/** Long enough for a module to answer at 9600 bit/s, and to be awake after the wake byte. */
const ANSWER_MS = 500

const WAKE: ScannerAsk = { name: 'WAKEUP', bytes: SSI_WAKE, answer: null, waitMs: 50, tries: 1, needed: false }

const REVISION = ask('REQUEST_REVISION', [], {
  needed: false,
  answer: (frame) => {
    const { opcode, body } = readSsi(frame)
    if (opcode !== opcodeOf('REPLY_REVISION')) return plainAnswer(frame)
    const said = textOf(body, 'utf-8')
    return { ...whole(frame, true), ...(said === null ? {} : { version: said.replaceAll('\0', ' ').trim() }) }
  },
})

const ENABLE = ask('SCAN_ENABLE', [], { needed: false })

const SEND_AIM = ask('PARAM_SEND', [NO_BEEP, ...WISHED.flat()])

const READ_BACK = ask(
  'PARAM_REQUEST',
  WISHED.map(([number]) => number),
  {
    answer: (frame) => {
      const { opcode, source, body } = readSsi(frame)
      if (source !== DECODER || opcode !== opcodeOf('PARAM_SEND')) return opcode === opcodeOf('CMD_NAK') ? plainAnswer(frame) : null
      const params = new Map(paramsOf(body.subarray(1)) ?? [])
      return whole(
        frame,
        WISHED.every(([number, value]) => params.get(number) === value),
      )
    },
  },
)

/** First LED; a short high beep; three short low ones [SSI guide, BEEP]. */
const GREEN = 1
const BEEP_GOOD = 0
const BEEP_REFUSED = 7
