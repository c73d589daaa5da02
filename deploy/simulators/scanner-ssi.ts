import type { EdgeParts } from '@lotkeeper/edge/parts.ts'
import { ssiCodeType } from '@lotkeeper/edge/readers/barcode/ssi/code-types.ts'
import { paramsOf } from '@lotkeeper/edge/readers/barcode/ssi/decoded.ts'
import {
  DECODER,
  HOST,
  MORE_PACKETS,
  RESENT,
  readSsi,
  SSI_BODY_MAX,
  SSI_FRAMING,
  type SsiFrame,
  writeSsi,
} from '@lotkeeper/edge/readers/barcode/ssi/frames.ts'
import { CODE_ID, opcodeOf, opcodeRow, SSI_PARAMS, type SsiName } from '@lotkeeper/edge/readers/barcode/ssi/opcodes.ts'
import { createFramer } from '@lotkeeper/edge/serial/framing.ts'
import type { Wire } from './line.ts'
import { AIM_IDS, SIGNED_AS, type Symbology } from './scanner-symbols.ts'

/**
 * A Zebra scanner at the end of a wire: it keeps parameters, answers commands, sends scans in packets and each packet again until it is acknowledged,
 * and sleeps if it is a module that does. Losing power makes it forget what was set.
 */
export const simulateSsiScanner = (wire: Wire, parts: SsiParts, options: SsiOptions = {}): SimulatedSsiScanner => {
  const fresh = () =>
    new Map<number, number>([
      [SSI_PARAMS.packets, 1],
      [SSI_PARAMS.codeId, CODE_ID.none],
      [SSI_PARAMS.ackNak, 1],
      [SSI_PARAMS.trigger, 0],
    ])
  const framer = createFramer(SSI_FRAMING)
  const device: Device = {
    ...{ wire, parts, options, params: fresh(), asleep: options.sleeps ?? false },
    ...{ enabled: true, deaf: false, next: null, waiting: [], sent: 0, cancel: () => {} },
    counts: { resends: 0, dropped: 0, naks: 0, beeps: 0, leds: 0 },
  }
  let forget = () => {}
  wire.onBytes((bytes) => {
    if (device.deaf) return
    forget()
    // Foreign bytes that look like the head of a packet must not hold up what comes later.
    forget = parts.timers.after(PACKET_SILENCE_MS, () => void framer.gap())
    // The byte that wakes a sleeping module is not heard.
    const heard = device.asleep ? bytes.subarray(1) : bytes
    device.asleep = false
    for (const piece of framer.take(heard)) {
      if (piece.kind === 'frame') hear(device, readSsi(piece.bytes))
      else if (piece.reason === 'checksum') answer(device, 'CMD_NAK', [1])
    }
  })
  const power = (work: () => Promise<void>) => async () => {
    device.cancel()
    Object.assign(device, { params: fresh(), waiting: [], sent: 0, asleep: options.sleeps ?? false })
    await work()
  }
  return {
    scan: (text, symbology = 'gs1-datamatrix') => scan(device, text, symbology),
    event: (code) => enqueue(device, { opcode: opcodeOf('EVENT'), source: DECODER, status: 0, body: Uint8Array.of(code) }),
    state: () => ({
      ...device.counts,
      params: new Map(device.params),
      asleep: device.asleep,
      enabled: device.enabled,
      unsent: device.waiting.length,
    }),
    spoilNext: (how) => {
      device.next = how
    },
    deafen: (deaf) => {
      device.deaf = deaf
    },
    noise: wire.send,
    unplug: power(wire.unplug),
    replug: power(wire.replug),
    close: power(wire.close),
  }
}

export type SsiParts = Pick<EdgeParts, 'timers'>

export interface SsiOptions {
  readonly revision?: string
  /** Whether it sleeps until the first byte comes. */
  readonly sleeps?: boolean
  /** Longest body of one packet, bytes; less makes messages of several packets. */
  readonly bodyMax?: number
  /** Whether packets after the first begin with the code type too. */
  readonly repeatsType?: boolean
  /** How long it waits for an acknowledgement before it sends again, ms; real scanners wait some 2 s. */
  readonly answerMs?: number
  /** How often a packet is sent before it is given up; `Infinity` is a scanner that never does. */
  readonly tries?: number
}

/** `half`: its second half is lost; `flip`: one bit wrong. */
export type SsiSpoiling = 'half' | 'flip'

export interface SimulatedSsiScanner {
  readonly scan: (text: string, symbology?: Symbology) => void
  readonly event: (code: number) => void
  readonly state: () => SsiCounts & {
    readonly params: ReadonlyMap<number, number>
    readonly asleep: boolean
    readonly enabled: boolean
    readonly unsent: number
  }
  /** Spoils the next packet on its way to the host. */
  readonly spoilNext: (how: SsiSpoiling) => void
  /** Hears nothing any more, not even acknowledgements: it sends each packet again and again. */
  readonly deafen: (deaf: boolean) => void
  readonly noise: (bytes: Uint8Array) => void
  readonly unplug: () => Promise<void>
  readonly replug: () => Promise<void>
  readonly close: () => Promise<void>
}

interface SsiCounts {
  readonly resends: number
  readonly dropped: number
  readonly naks: number
  readonly beeps: number
  readonly leds: number
}

interface Device {
  readonly wire: Wire
  readonly parts: SsiParts
  readonly options: SsiOptions
  readonly counts: { -readonly [C in keyof SsiCounts]: number }
  params: Map<number, number>
  /** Packets that wait for their acknowledgement, the first is on its way. */
  waiting: SsiFrame[]
  sent: number
  asleep: boolean
  enabled: boolean
  deaf: boolean
  next: SsiSpoiling | null
  cancel: () => void
}

const scan = (device: Device, text: string, symbology: Symbology): void => {
  if (!device.enabled) return
  const { params, options, wire } = device
  const said = Buffer.from(`${params.get(SSI_PARAMS.codeId) === CODE_ID.aim ? AIM_IDS[symbology] : ''}${text}`, 'utf8')
  if (params.get(SSI_PARAMS.packets) === 0) {
    wire.send(Buffer.concat([said, Buffer.from('\r')]))
    return
  }
  const type = ssiCodeType(SIGNED_AS[symbology][0] as (typeof SIGNED_AS)[Symbology][number])
  const size = (options.bodyMax ?? SSI_BODY_MAX) - 1
  for (let at = 0; at === 0 || at < said.length; at += size) {
    const isTyped = at === 0 || (options.repeatsType ?? true)
    const part = said.subarray(at, at + size)
    const status = at + size < said.length ? MORE_PACKETS : 0
    enqueue(device, {
      opcode: opcodeOf('DECODE_DATA'),
      source: DECODER,
      status,
      body: Uint8Array.from([...(isTyped ? [type] : []), ...part]),
    })
  }
}

const enqueue = (device: Device, frame: SsiFrame): void => {
  device.waiting.push(frame)
  if (device.waiting.length === 1) send(device)
}

/** Sends the first waiting packet, again if it was sent before, and waits for its answer. */
const send = (device: Device): void => {
  const { waiting, options, parts, params, counts } = device
  const [frame] = waiting
  device.cancel()
  if (frame === undefined) return
  if (device.sent >= (options.tries ?? TRIES)) {
    counts.dropped += 1
    next(device)
    return
  }
  if (device.sent > 0) counts.resends += 1
  put(device, { ...frame, status: frame.status | (device.sent > 0 ? RESENT : 0) })
  device.sent += 1
  if (params.get(SSI_PARAMS.ackNak) === 0) next(device)
  else device.cancel = parts.timers.after(options.answerMs ?? ANSWER_MS, () => send(device))
}

const next = (device: Device): void => {
  device.cancel()
  device.waiting.shift()
  device.sent = 0
  send(device)
}

const put = (device: Device, frame: SsiFrame): void => {
  const bytes = writeSsi(frame)
  const how = device.next
  device.next = null
  const middle = bytes.length >> 1
  if (how === 'half') device.wire.send(bytes.subarray(0, middle))
  else device.wire.send(how === 'flip' ? bytes.map((byte, at) => (at === middle ? byte ^ 4 : byte)) : bytes)
}

const answer = (device: Device, name: SsiName, body: readonly number[] = []): void =>
  put(device, { opcode: opcodeOf(name), source: DECODER, status: 0, body: Uint8Array.from(body) })

const hear = (device: Device, { opcode, source, body }: SsiFrame): void => {
  if (source !== HOST) return
  const name = opcodeRow(opcode)?.name as SsiName | undefined
  const work = name === undefined ? undefined : WORK[name]
  if (work === undefined) answer(device, 'CMD_NAK', [2])
  else if (work(device, body)) answer(device, 'CMD_ACK')
}

/** What a command does; whether an acknowledgement answers it. */
const WORK: Partial<Record<SsiName, (device: Device, body: Uint8Array) => boolean>> = {
  CMD_ACK: (device) => {
    if (device.waiting.length > 0) next(device)
    return false
  },
  CMD_NAK: (device) => {
    device.counts.naks += 1
    if (device.waiting.length > 0) send(device)
    return false
  },
  REQUEST_REVISION: (device) => {
    answer(device, 'REPLY_REVISION', [...Buffer.from(device.options.revision ?? 'SIMULATED-SE 01')])
    return false
  },
  CAPABILITIES_REQUEST: (device) => {
    answer(device, 'CAPABILITIES_REPLY', [0, 0x7f, 0, 1, ...(Object.keys(WORK) as SsiName[]).map(opcodeOf)])
    return false
  },
  PARAM_SEND: (device, body) => {
    for (const [number, value] of paramsOf(body.subarray(1)) ?? []) device.params.set(number, value)
    return true
  },
  PARAM_REQUEST: (device, body) => {
    answer(device, 'PARAM_SEND', [0xff, ...[...body].flatMap((number) => [number, device.params.get(number) ?? 0])])
    return false
  },
  SCAN_ENABLE: (device) => {
    device.enabled = true
    return true
  },
  SCAN_DISABLE: (device) => {
    device.enabled = false
    return true
  },
  START_SESSION: () => true,
  STOP_SESSION: () => true,
  BEEP: (device) => {
    device.counts.beeps += 1
    return true
  },
  LED_ON: (device) => {
    device.counts.leds += 1
    return true
  },
  LED_OFF: () => true,
  SLEEP: (device) => {
    device.asleep = true
    return true
  },
}

const ANSWER_MS = 2_000
const TRIES = 3
/** A host sends a packet in one go. */
const PACKET_SILENCE_MS = 100
