import { createRequire } from 'node:module'
import { bytesOfHex, hexOf } from '@lotkeeper/protocol/bytes.ts'
import { checkDigitOf } from '@lotkeeper/protocol/codes/check-digit.ts'
import { decodeLine } from '@lotkeeper/protocol/codes/decode.ts'
import gs1 from '@lotkeeper/protocol/codes/fixtures/gs1.json' with { type: 'json' }
import { identifyScan } from '@lotkeeper/protocol/codes/identification.ts'
import { decodeEpc } from '@lotkeeper/protocol/epc/decode.ts'
import { encodeSgtin96 } from '@lotkeeper/protocol/epc/encode.ts'
import fixtures from '@lotkeeper/protocol/epc/fixtures/epc.json' with { type: 'json' }
import { encodeSgtinPlus } from '@lotkeeper/protocol/epc/plus.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { type Bench, type Figure, type Measured, median } from './figures.ts'

/** Codes read a second on one core, beside the npm packages that read them too, and how many of the collected vectors either reads right. */
export const codes: Bench = {
  name: 'codes',
  what: { zh: '读码', en: 'reading codes' },
  run: async (_scope, say) => {
    const peers = openPeers()
    const figures: Figure[] = []
    for (const { what, inputs, ours, beside } of races(peers)) {
      const racers = [ours, ...beside.map(({ read }) => read)]
      const rates: number[][] = racers.map(() => [])
      for (let round = 0; round < ROUNDS; round += 1) for (const [at, read] of racers.entries()) rates[at]?.push(perSecond(inputs, read))
      const measured = rates.map((values) => median('/s', values))
      say(`${what.en}: ${measured.map(({ values }) => Math.round(values.at(-1) ?? 0)).join(' / ')} /s`)
      const [mine, ...others] = measured
      if (!mine) continue
      figures.push({
        ...{ what, ours: mine },
        beside: beside.flatMap(({ name }, at) => (others[at] ? [{ name, measured: others[at] }] : [])),
      })
    }
    return [...figures, ...rightness(peers)]
  },
}

const ROUNDS = 5
const CODES = 2_000
/** Processor time spent on one measurement, after the same again to warm up. */
const ROUND_US = 400_000

interface Race {
  readonly what: Figure['what']
  readonly inputs: readonly string[]
  readonly ours: Read
  readonly beside: readonly { readonly name: Figure['what']; readonly read: Read }[]
}
/** Reads one code; answers something that hangs on the whole of it, so that nothing is left out. */
type Read = (code: string) => number

interface Peers {
  readonly parseBarcode: (code: string) => { readonly parsedCodeItems: readonly { readonly ai: string; readonly raw: string }[] }
  readonly tagOf: (hex: string) => { toIdURI(): string; toTagURI(): string; toBarcode(): string }
}

/** Both are CommonJS, one without types. */
const openPeers = (): Peers => {
  const require = createRequire(import.meta.url)
  const { parseBarcode } = require('gs1-barcode-parser-mod') as Pick<Peers, 'parseBarcode'>
  const { valueOf: tagOf } = require('epc-tds') as { readonly valueOf: Peers['tagOf'] }
  return { parseBarcode, tagOf }
}

const PARSER = { zh: 'gs1-barcode-parser-mod', en: 'gs1-barcode-parser-mod' }
const TDS = { zh: 'epc-tds', en: 'epc-tds' }

const races = (peers: Peers): readonly Race[] => {
  const labels = Array.from({ length: CODES }, (_, at) => labelAt(at))
  const scans = labels.map(({ gtin, lot, serial, expiry }) => `]d201${gtin}17${expiry}10${lot}${GS}21${serial}`)
  const links = labels.map(({ gtin, lot, serial, expiry }) => `]Q1https://id.gs1.org/01/${gtin}/10/${lot}/21/${serial}?17=${expiry}`)
  const tags = labels.map(({ gtin, number }) => written(encodeSgtin96({ gtin, serial: String(number), prefixDigits: 7, filter: 3 })))
  const plus = labels.map(({ gtin, serial }) => written(encodeSgtinPlus({ gtin, serial, filter: 3 })))
  const readScan: Read = (code) => {
    const said = identifyScan(code, READING)
    if (isRefusal(said)) throw new Error(`${said.code} ${code}`)
    return said.elements.length + (said.lot?.length ?? 0)
  }
  const readTag: Read = (hex) => {
    const said = decodeEpc(bytesOfHex(hex) ?? new Uint8Array())
    if (isRefusal(said)) throw new Error(`${said.code} ${hex}`)
    return (said.uri?.length ?? 0) + (said.tagUri?.length ?? 0) + (said.elementString?.length ?? 0)
  }
  const hex: Read = (code) => (bytesOfHex(code) ?? []).length
  return [
    {
      ...{ what: { zh: '读 GS1 DataMatrix 扫码', en: 'GS1 DataMatrix scans read' }, inputs: scans, ours: readScan },
      beside: [
        { name: PARSER, read: (code) => peers.parseBarcode(code).parsedCodeItems.length },
        { name: { zh: '只按 GS 切开', en: 'split at GS alone' }, read: (code) => code.split(GS).length },
      ],
    },
    {
      ...{ what: { zh: '读 GS1 数字链接', en: 'GS1 Digital Links read' }, inputs: links, ours: readScan },
      beside: [{ name: { zh: '只用 new URL 解析', en: 'new URL alone' }, read: (code) => new URL(code.slice(3)).searchParams.size }],
    },
    {
      ...{ what: { zh: '读 SGTIN-96 标签', en: 'SGTIN-96 tags read' }, inputs: tags, ours: readTag },
      beside: [
        {
          name: TDS,
          read: (code) => {
            const tag = peers.tagOf(code)
            return tag.toIdURI().length + tag.toTagURI().length + tag.toBarcode().length
          },
        },
        { name: HEX_ALONE, read: hex },
      ],
    },
    {
      ...{ what: { zh: '读 SGTIN+ 标签', en: 'SGTIN+ tags read' }, inputs: plus, ours: readTag },
      beside: [{ name: HEX_ALONE, read: hex }],
    },
  ]
}

const GS = String.fromCharCode(29)
const READING = { referenceYear: 2026 }
const HEX_ALONE = { zh: '只解十六进制', en: 'hexadecimal alone' }

/** A label as boxes bear it; numbers differ so that nothing is learnt by heart. */
const labelAt = (at: number) => {
  const digits = `0690${String(1_234_567 + at * 7919).padStart(9, '0')}`
  const day = String(1 + (at % 28)).padStart(2, '0')
  return {
    gtin: `${digits}${checkDigitOf(digits)}`,
    lot: `B${(at * 37).toString(36).toUpperCase()}-${at % 97}`,
    serial: `S${(at * 104_729).toString(36)}`,
    number: at * 104_729 + 1,
    expiry: `28${String(1 + (at % 12)).padStart(2, '0')}${day}`,
  }
}

const written = (bytes: ReturnType<typeof encodeSgtin96>): string => {
  if (isRefusal(bytes)) throw new Error(bytes.code)
  return hexOf(bytes).toUpperCase()
}

const perSecond = (inputs: readonly string[], read: Read): number => {
  let sum = 0
  const readAll = () => {
    for (const code of inputs) sum += read(code)
  }
  for (let spent = 0; spent < ROUND_US; ) spent += cpuOf(readAll)
  let count = 0
  let spent = 0
  while (spent < ROUND_US) {
    spent += cpuOf(readAll)
    count += inputs.length
  }
  if (!Number.isFinite(sum)) throw new Error('nothing was read')
  return (count / spent) * 1_000_000
}

const cpuOf = (run: () => void): number => {
  const before = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(before)
  return user + system
}

/** Right: what stands in the vector is read as it stands there, and what is none is refused. */
const rightness = (peers: Peers): readonly Figure[] => {
  const scans = gs1.vectors.filter(({ kind }) => kind === 'scan') as unknown as readonly ScanVector[]
  const tags = fixtures.vectors as unknown as readonly TagVector[]
  const scanBy = (read: (code: string) => readonly (readonly string[])[] | null) =>
    share(scans, ({ input, valid, elements }) => {
      const said = attempt(() => read(input))
      return valid ? JSON.stringify(said) === JSON.stringify(elements) : said === null
    })
  const tagBy = (read: (hex: string) => readonly (string | null)[] | null) =>
    share(tags, ({ hex, valid, uri, tagUri }) => {
      const said = attempt(() => read(hex))
      return valid ? said !== null && said[0] === (uri ?? null) && (tagUri === undefined || said[1] === tagUri) : said === null
    })
  return [
    {
      what: { zh: '扫码用例读对的', en: 'scan vectors read right' },
      ours: scanBy((input) => elementsOf({ kind: 'scan', input })),
      beside: [{ name: PARSER, measured: scanBy((code) => peers.parseBarcode(code).parsedCodeItems.map(({ ai, raw }) => [ai, raw])) }],
    },
    {
      what: { zh: '标签用例读对的', en: 'tag vectors read right' },
      ours: tagBy((hex) => urisOf({ kind: 'epc', hex })),
      beside: [
        {
          name: TDS,
          measured: tagBy((hex) => {
            const tag = peers.tagOf(hex)
            return [tag.toIdURI(), tag.toTagURI()]
          }),
        },
      ],
    },
  ]
}

type Answer = Readonly<Record<string, unknown>>
const answerTo = (request: Answer): Answer | null => {
  const answer = JSON.parse(decodeLine(JSON.stringify(request), READING.referenceYear)) as Answer
  return answer['valid'] === true ? answer : null
}
const elementsOf = (request: Answer) => (answerTo(request)?.['elements'] as readonly (readonly string[])[] | undefined) ?? null
const urisOf = (request: Answer): readonly (string | null)[] | null => {
  const answer = answerTo(request)
  return answer && [answer['uri'] as string | null, answer['tagUri'] as string | null]
}

interface ScanVector {
  readonly input: string
  readonly valid: boolean
  readonly elements?: readonly (readonly string[])[]
}
interface TagVector {
  readonly hex: string
  readonly valid: boolean
  readonly uri?: string | null
  readonly tagUri?: string | null
}

const share = <Vector>(vectors: readonly Vector[], isRight: (vector: Vector) => boolean): Measured =>
  median('%', [(vectors.filter(isRight).length / vectors.length) * 100])

const attempt = <Answer>(read: () => Answer): Answer | null => {
  try {
    return read()
  } catch {
    return null
  }
}
