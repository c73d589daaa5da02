import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import { textOf } from '../text-coding.ts'
import { AIM_SHAPE } from '../unwrap.ts'
import { ssiSymbology } from './code-types.ts'
import { HOST, MORE_PACKETS, RESENT, readSsi } from './frames.ts'
import { opcodeRow, SSI_CAUSES, type SsiOpcode } from './opcodes.ts'

/**
 * A whole SSI packet in words, either direction: `opcode`, `name`, `source`, `retransmit`, `more`, `permanent`, and what its body says:
 * `codeType` `symbology` `aim` `payload` of a scan, `params` `beep`, `cause`, `leds`, `event`, `text`, else `hex`.
 */
export const decodedSsi = (frame: Uint8Array): Readonly<Record<string, unknown>> => {
  const { opcode, source, status, body } = readSsi(frame)
  const row = opcodeRow(opcode)
  return {
    opcode: hexOf(Uint8Array.of(opcode)),
    name: row?.name ?? 'unknown',
    source: source === HOST ? 'host' : 'decoder',
    status,
    retransmit: (status & RESENT) !== 0,
    more: (status & MORE_PACKETS) !== 0,
    permanent: (status & 8) !== 0,
    ...BODIES[row?.body ?? 'bytes'](body),
  }
}

/** Number and value of each parameter, `null` when the pairs do not come out even; numbers from 256 on are written F0 nn, F1 nn, F2 nn. */
export const paramsOf = (pairs: Uint8Array): readonly (readonly [number: number, value: number])[] | null => {
  const params: (readonly [number, number])[] = []
  for (let at = 0; at < pairs.length; ) {
    const first = pairs[at] as number
    const isWide = first >= 0xf0 && first <= 0xf2
    const [second, third] = [pairs[at + 1], pairs[at + 2]]
    const value = isWide ? third : second
    if (value === undefined || second === undefined) return null
    params.push([isWide ? (first - 0xef) * 256 + second : first, value])
    at += isWide ? 3 : 2
  }
  return params
}

type Says = (body: Uint8Array) => Readonly<Record<string, unknown>>

const rawOf: Says = (body) => (body.length === 0 ? {} : { hex: hexOf(body) })

const scanIn: Says = (body) => {
  const [codeType = 0] = body
  const text = textOf(body.subarray(1), 'gb18030')
  if (body.length === 0 || text === null) return rawOf(body)
  const aim = AIM_SHAPE.exec(text)?.[0] ?? null
  return {
    codeType: hexOf(Uint8Array.of(codeType)),
    symbology: ssiSymbology(codeType) ?? null,
    aim,
    payload: aim === null ? text : text.slice(aim.length),
  }
}

const paramsIn: Says = (body) => {
  const params = paramsOf(body.subarray(1))
  if (params === null || body.length === 0) return rawOf(body)
  return { beep: body[0], params: params.map(([number, value]) => ({ number, value })) }
}

const BODIES: Readonly<Record<SsiOpcode['body'], Says>> = {
  none: rawOf,
  bytes: rawOf,
  text: (body) => ({ text: textOf(body, 'utf-8') ?? hexOf(body) }),
  params: paramsIn,
  requested: (body) => ({ params: [...body] }),
  cause: ([cause = 0]) => ({ cause, meaning: SSI_CAUSES[cause] ?? 'unknown' }),
  beep: ([beep = 0]) => ({ beep }),
  leds: ([leds = 0]) => ({ leds }),
  scan: scanIn,
  event: ([event = 0]) => ({ event }),
}
