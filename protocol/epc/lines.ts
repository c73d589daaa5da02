import { hexOf } from '../bytes.ts'
import { elementsOfBrackets } from '../codes/elements.ts'
import { isRefusal, type Refusal, refuse } from '../refusals.ts'
import { bytesOfTagHex } from './bits.ts'
import { tagCrc } from './crc.ts'
import { decodeEpc, decodeEpcHex } from './decode.ts'
import type { EpcIdentity } from './identity.ts'
import { lgtinUriOf, prefixDigitsOf, readLgtinUri } from './lgtin.ts'
import { type ProtocolControl, protocolControlOf } from './pc.ts'
import { readTag } from './tag.ts'
import { readEpcUri } from './uri.ts'

type Request = Readonly<Record<string, unknown>>
type Answer = Readonly<Record<string, unknown>> | Refusal

/**
 * Readers of the request lines that speak of tags: `epc` (`hex`, without PC and CRC), `tag` (`hex`: PC, EPC, perhaps CRC), `pc` (`pc`), `crc`
 * (`pcEpc`), `lgtin` (`elementString`, perhaps `prefixDigits`; or `classUri`).
 */
export const TAG_LINES: Readonly<Record<string, (request: Request, referenceYear: number) => Answer>> = {
  epc: ({ hex }) => {
    if (typeof hex !== 'string') return wanting('hex')
    const epc = decodeEpcHex(hex)
    return isRefusal(epc) ? epc : fieldsOf(epc, hex.toUpperCase())
  },
  tag: ({ hex }) => (typeof hex === 'string' ? tagAnswer(hex) : wanting('hex')),
  pc: ({ pc, hex }) => {
    const word = pc ?? hex
    if (typeof word !== 'string' || !/^[0-9A-Fa-f]{4}$/.test(word)) return wanting('pc')
    return { pc: word.toUpperCase(), ...protocolControlOf(Number.parseInt(word, 16)) }
  },
  crc: ({ pcEpc }) => {
    const bytes = typeof pcEpc === 'string' && pcEpc.length % 4 === 0 ? bytesOfTagHex(pcEpc) : null
    return bytes ? { pcEpc: hexOf(bytes), crc16: tagCrc(bytes).toString(16).toUpperCase().padStart(4, '0') } : wanting('pcEpc')
  },
  lgtin: ({ elementString, classUri, prefixDigits }, referenceYear) => {
    if (typeof classUri === 'string' && elementString === undefined) return uriAnswer(classUri)
    return typeof elementString === 'string' ? lgtinAnswer(elementString, prefixDigits, referenceYear) : wanting('elementString')
  },
}

/** What an EPC URI says: of a pure identity, a tag or a lot. */
export const uriAnswer = (input: unknown): Answer => {
  if (typeof input !== 'string') return wanting('input')
  const lgtin = input.startsWith('urn:epc:class:') ? readLgtinUri(input) : null
  if (lgtin !== null) return isRefusal(lgtin) ? lgtin : { elementString: `(01)${lgtin.gtin14}(10)${lgtin.lot}`, classUri: input }
  const read = readEpcUri(input)
  return isRefusal(read) ? read : fieldsOf(read.epc, read.bytes && hexOf(read.bytes))
}

const wanting = (why: string): Refusal => refuse('codes.line-malformed', { why })

/** The tag URI of a scheme without a filter says no more than its pure identity, so the line leaves it out. */
const fieldsOf = (epc: EpcIdentity, hex: string | null): Request => {
  const { scheme, uri, tagUri, elementString, filter, hostname, rest } = epc
  return {
    ...{ scheme, hex, uri, tagUri: filter === null ? null : tagUri, elementString, filter },
    ...(hostname === null ? {} : { hostname }),
    ...(rest === null ? {} : { rest }),
  }
}

const tagAnswer = (hex: string): Answer => {
  const tag = readTag(hex)
  if (isRefusal(tag)) return tag
  const { word, pc, xpc, epc, isCrcRight } = tag
  if (isCrcRight === false) return refuse('epc.crc-wrong', { hex: hex.slice(0, 160) })
  if (pc.toggle === 1) return refuse('epc.not-gs1', { afi: pc.attr })
  const said = decodeEpc(epc)
  if (isRefusal(said)) return said
  const control: Request & ProtocolControl = { ...pc }
  return {
    ...fieldsOf(said, hexOf(epc)),
    ...{ pc: word, ...control, crcOk: isCrcRight },
    ...(xpc === null ? {} : { xpcWords: xpc.hex, indicators: xpc.set }),
  }
}

const lgtinAnswer = (elementString: string, prefixDigits: unknown, referenceYear: number): Answer => {
  const elements = elementsOfBrackets(elementString, referenceYear)
  if (isRefusal(elements)) return elements
  const values = new Map(elements)
  const gtin14 = values.get('01') ?? ''
  const digits = typeof prefixDigits === 'number' ? prefixDigits : prefixDigitsOf(gtin14)
  if (digits === null) return refuse('epc.prefix-unknown', { gtin: gtin14 })
  const classUri = lgtinUriOf({ gtin14, lot: values.get('10') ?? '' }, digits)
  return isRefusal(classUri) ? classUri : { elementString, classUri }
}
