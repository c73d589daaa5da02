import type { NodeAnswer, ScanView } from '@lotkeeper/protocol/api/node.ts'
import { EXPLAIN_LENGTH_MAX, type SymbolView } from '@lotkeeper/protocol/api/node-scans.ts'
import { bytesOfHex } from '@lotkeeper/protocol/bytes.ts'
import { aimRow, scanOf } from '@lotkeeper/protocol/codes/aim.ts'
import { AIS } from '@lotkeeper/protocol/codes/ais.ts'
import { type Explained, explainParts } from '@lotkeeper/protocol/codes/explain.ts'
import { dateOfYymmdd } from '@lotkeeper/protocol/codes/gs1-date.ts'
import type { Identification } from '@lotkeeper/protocol/codes/identification.ts'
import { readable } from '@lotkeeper/protocol/codes/readable.ts'
import { CODE_NOTICES } from '@lotkeeper/protocol/codes/refusals.ts'
import { decodeEpc } from '@lotkeeper/protocol/epc/decode.ts'
import { explainEpc } from '@lotkeeper/protocol/epc/explain.ts'
import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import { remedyOf } from './code-remedies.ts'
import { identifyAny, identifySymbols } from './lot-facts.ts'
import type { SiteNow } from './now.ts'
import { type Named, piecesOf, visible, wrongIn } from './pieces.ts'
import { symbolsOf } from './symbols.ts'

/** What a text says, part by part, as it stands there; `scan` is what this node knows of it. */
export const explainText = (text: string, { scan, now }: { readonly scan: ScanView; readonly now: SiteNow }): NodeAnswer<'explain'> => {
  if (scan.epc !== null) return { scan, symbols: [epcSymbol(text.trim())] }
  const isPair = symbolsOf(text).length > 1 && !isRefusal(identifySymbols(text, now))
  const symbols = isPair ? symbolsOf(text) : [text]
  return { scan, symbols: symbols.map((symbol) => symbolView(symbol, now)) }
}

const symbolView = (text: string, now: SiteNow): SymbolView => {
  const said = identifyAny(text, now)
  const head = { symbology: symbologyOf(text, isRefusal(said) ? null : said.symbology), issuer: isRefusal(said) ? null : said.issuer }
  if (isRefusal(said)) return { ...head, ...refusedParts(text, said, now), notices: [], refused: refusedView(said) }
  return { ...head, ...partsOf(text, said, now), notices: said.notices.map((code) => ({ ...CODE_NOTICES[code] })), refused: null }
}

/** The parts of a text that was read, and where each stands. */
const partsOf = (text: string, said: Identification, now: SiteNow): Pick<SymbolView, 'pieces' | 'parts'> => {
  if (said.agency) return plainParts(text, explainParts(said, yearOf(now)))
  const named = said.elements.length > 0 ? said.elements.map(([name, value]) => ({ name, value })) : factsOf(said)
  const labelled = named.map((part) => ({
    ...part,
    label: labelOf(part.name),
  }))
  const parts = labelled.map(({ name, value, label }) => {
    const isPlain = Object.hasOwn(PLAIN_LABELS, name)
    return { name: isPlain ? '' : name.slice(0, 16), label, value: clip(visible(value), 200), means: meaningOf(name, value, now) }
  })
  return { pieces: piecesOf(text, named.map(bareName), (scanOf(text).aim ?? '').length), parts }
}

/** Parts of a code of another agency have no identifiers. */
const plainParts = (text: string, rows: readonly Explained[]): Pick<SymbolView, 'pieces' | 'parts'> => ({
  pieces: piecesOf(
    text,
    rows.map(({ value }) => ({ name: '', value })),
    (scanOf(text).aim ?? '').length,
  ),
  parts: rows.map(({ label, value }) => ({ name: '', label, value: clip(visible(value), 200), means: null })),
})

/** What was read before the place where reading ended; the rest as it stands. */
const refusedParts = (text: string, refusal: Refusal, now: SiteNow): Pick<SymbolView, 'pieces' | 'parts'> => {
  const wrong = wrongIn(text, refusal.facts)
  if (wrong === null) return { pieces: [{ text: clip(visible(text), EXPLAIN_LENGTH_MAX), is: 'wrong', part: null }], parts: [] }
  const { cuts, from, to } = wrong
  const before = cuts.map((cut) => ({ cut, said: identifyAny(text.slice(0, cut), now) })).find(({ said }) => !isRefusal(said))
  const read = before && !isRefusal(before.said) ? partsOf(text.slice(0, before.cut), before.said, now) : { pieces: [], parts: [] }
  const tail = [
    { text: text.slice(before?.cut ?? 0, from), is: 'frame' as const },
    { text: text.slice(from, to), is: 'wrong' as const },
    { text: text.slice(to), is: 'rest' as const },
  ]
  const shown = tail.filter((piece) => piece.text !== '').map((piece) => ({ ...piece, text: visible(piece.text), part: null }))
  return { pieces: [...read.pieces, ...shown], parts: read.parts }
}

const refusedView = (refusal: Refusal): NonNullable<SymbolView['refused']> => ({
  ...{ code: refusal.code, zh: clip(visible(refusal.zh), 500), en: clip(visible(refusal.en), 500) },
  remedy: remedyOf(refusal.code),
})

/** A tag is bits: letters of its number do not fall together with its parts, so only the first two of them are told apart. */
const epcSymbol = (hex: string): SymbolView => {
  const decoded = decodeEpc(bytesOfHex(hex) ?? new Uint8Array())
  const pieces: SymbolView['pieces'] = [
    { text: hex.slice(0, 2), is: 'name', part: 0 },
    { text: hex.slice(2), is: 'value', part: 0 },
  ]
  const head = { symbology: 'RFID / EPC', issuer: 'GS1', notices: [] }
  if (isRefusal(decoded))
    return { ...head, issuer: null, pieces: [{ text: hex, is: 'wrong', part: null }], parts: [], refused: refusedView(decoded) }
  const parts = explainEpc(decoded).map(({ label, value }, at) => ({
    ...{ name: at === 0 ? hex.slice(0, 2) : '', label, value: clip(value, 200), means: null },
  }))
  return { ...head, pieces, parts, refused: null }
}

const symbologyOf = (text: string, said: string | null): string | null => {
  const { aim } = scanOf(text)
  return (aim === null ? null : aimRow(aim)?.name) ?? said
}

/** A code without identifiers of its own: its facts, each under a name that stands for one. */
const factsOf = ({ gtin14, lot, serial }: Identification): readonly Named[] =>
  (
    [
      ['gtin', gtin14],
      ['lot', lot],
      ['serial', serial],
    ] as const
  ).flatMap(([name, value]) => (value === null ? [] : [{ name, value }]))

const bareName = ({ name, value }: Named): Named => ({ name: Object.hasOwn(PLAIN_LABELS, name) ? '' : name, value })

const labelOf = (name: string): { readonly zh: string; readonly en: string } => {
  const { zh, en } = AIS.get(name) ?? PLAIN_LABELS[name] ?? { zh: name, en: name }
  return { zh, en }
}

/** What a value does not say by itself: which day six digits are, what a day 00 means, what the first digit of a GTIN tells. */
const meaningOf = (name: string, value: string, now: SiteNow): { readonly zh: string; readonly en: string } | null => {
  if (DATES.includes(name)) {
    const day = dateOfYymmdd(value, yearOf(now))
    if (day === null) return null
    return value.endsWith('00')
      ? { zh: `日写作 00：按该月最后一天，即 ${day}`, en: `day 00 is the last day of the month: ${day}` }
      : { zh: day, en: day }
  }
  const indicator = (name === '01' || name === '02' || name === 'gtin') && value.length === 14 ? value.charAt(0) : '0'
  if (indicator === '0') return readableOf(name, value, now)
  return indicator === '9'
    ? { zh: '首位 9：数量不固定的包装', en: 'indicator 9: a pack of variable measure' }
    : { zh: `首位 ${indicator}：比单件大的包装，有自己的条码`, en: `indicator ${indicator}: a larger pack with a code of its own` }
}

/** What GS1 writes as bare digits, as people write it: weights, times, amounts, countries. */
const readableOf = (name: string, value: string, now: SiteNow): { readonly zh: string; readonly en: string } | null => {
  const row = AIS.get(name)
  const said = row ? readable(row, value, yearOf(now)) : value
  return said === value ? null : { zh: said, en: said }
}

const yearOf = ({ today }: SiteNow): number => Number(today.slice(0, 4))

const clip = (text: string, length: number): string => (text.length <= length ? text : `${text.slice(0, length - 1)}…`).toWellFormed()

/** Application identifiers of a day, YYMMDD. */
const DATES: readonly string[] = ['11', '12', '13', '15', '16', '17']
const PLAIN_LABELS: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  gtin: { zh: '商品条码 GTIN', en: 'GTIN' },
  lot: { zh: '批号', en: 'Lot' },
  serial: { zh: '序列号', en: 'Serial' },
}
