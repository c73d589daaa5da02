import { parseArgs } from 'node:util'
import { decodeLine, LINE_LENGTH_MAX } from '@lotkeeper/protocol/codes/decode.ts'
import { type Explained, explain } from '@lotkeeper/protocol/codes/explain.ts'
import { identifyBrackets, identifyScan, identifyUnbracketed } from '@lotkeeper/protocol/codes/identification.ts'
import { decodeEpcHex } from '@lotkeeper/protocol/epc/decode.ts'
import { explainEpc } from '@lotkeeper/protocol/epc/explain.ts'
import type { EpcIdentity } from '@lotkeeper/protocol/epc/identity.ts'
import { readEpcUri } from '@lotkeeper/protocol/epc/uri.ts'
import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import { widthOf } from './columns.ts'
import { streamLines } from './lines.ts'

/** `lotkeeper decode`: JSON lines from stdin to stdout, or one code as an argument, shown as a table. Exit 1: that code was refused. */
export const main = async (args: readonly string[]): Promise<number> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    strict: false,
    options: { help: { type: 'boolean' }, year: { type: 'string' } },
  })
  const referenceYear = values['year'] === undefined ? new Date().getFullYear() : Number(values['year'])
  const [code] = positionals
  const yearWrong = !Number.isInteger(referenceYear) || referenceYear < 2000 || referenceYear > 2199
  if (values['help'] === true || yearWrong || positionals.length > 1 || (code === undefined && process.stdin.isTTY)) {
    process.stdout.write(HELP)
    return values['help'] === true ? 0 : 2
  }
  if (code !== undefined) return show(code, referenceYear)
  const decoded = async function* (chunks: AsyncIterable<readonly string[]>): AsyncGenerator<string> {
    for await (const lines of chunks) yield lines.map((line) => `${decodeLine(line, referenceYear)}\n`).join('')
  }
  await streamLines(decoded, { input: process.stdin, output: process.stdout, lengthMax: LINE_LENGTH_MAX })
  return 0
}

const HELP = `lotkeeper decode [--year YYYY] [code]

  一个码 / one code:      lotkeeper decode '(01)06901234567892(17)280831(10)L7'
                          lotkeeper decode 3034257BF7194E4000001A85
  逐行 JSON / JSON lines: {"kind":"epc","hex":"..."}  {"kind":"scan"|"bracketed"|"unbracketed"|"dl","input":"..."}
                          {"kind":"udi","system":"GS1"|"MA"|"AHM"|"HIBC"|"ICCBBA","input":"..."}
                          {"kind":"tag","hex":"..."}  {"kind":"pc","pc":"..."}  {"kind":"uri","input":"urn:epc:..."}  {"kind":"lgtin","elementString":"..."}
  扫码中的 GS 写作 {GS} / GS inside a scan is written {GS}
  --year  两位年份的参照年，默认今年 / the year two-digit years are read against; default: this year
`

const GS = String.fromCharCode(29)

/** Hex of a tag's length is a tag, an EPC URI says what one holds; brackets and carets say themselves; all else came from a scanner. */
const explainCode = (code: string, referenceYear: number): readonly Explained[] | Refusal => {
  if (/^[0-9A-F]{16,}$/i.test(code) && /[A-F]/i.test(code)) return explainTag(decodeEpcHex(code))
  if (code.startsWith('urn:epc:tag:') || code.startsWith('urn:epc:id:')) {
    const uri = readEpcUri(code)
    return explainTag(isRefusal(uri) ? uri : uri.epc)
  }
  const text = code.replaceAll('{GS}', GS)
  const identify = text.startsWith('(') ? identifyBrackets : text.startsWith('^') ? identifyUnbracketed : identifyScan
  const identification = identify(text, { referenceYear, guess: true })
  return isRefusal(identification) ? identification : explain(identification, referenceYear)
}

const explainTag = (epc: EpcIdentity | Refusal): readonly Explained[] | Refusal => (isRefusal(epc) ? epc : explainEpc(epc))

const show = (code: string, referenceYear: number): number => {
  const rows = explainCode(code, referenceYear)
  if (isRefusal(rows)) {
    process.stdout.write(`${rows.zh}\n${rows.en}\n[${rows.code}]\n`)
    return 1
  }
  const labels = rows.map(({ label }) => `${label.zh} / ${label.en}`)
  const width = Math.max(...labels.map(widthOf))
  for (const [index, { value }] of rows.entries()) {
    const label = labels[index] ?? ''
    process.stdout.write(`${label}${' '.repeat(width - widthOf(label))}  ${value.replaceAll(GS, '{GS}')}\n`)
  }
  return 0
}
