import type { Ai } from './ai-spec.ts'
import { countryOf } from './checks/countries.ts'
import { currencyOf } from './checks/currencies.ts'
import { type CheckName, DEGREE } from './checks/table.ts'
import { dateOfYymmdd, dateOfYyyymmdd } from './gs1-date.ts'

/**
 * A value as a person reads it, in no language or in both: `2028-08-31`, `1.250 kg`, `CNY 12.50`, `中国 China (156)`. What has no other form stays
 * as it is. Two-digit years are read against `referenceYear`.
 */
export const readable = (row: Ai, value: string, referenceYear: number): string => {
  const places = Number(row.ai.at(-1))
  const group = row.ai.slice(0, 3)
  const unit = UNIT_OF.get(group)
  if (unit !== undefined) return `${decimal(value, places)} ${unit}`
  if (WITH_CURRENCY.includes(group)) return `${currencyOf(value.slice(0, 3)) ?? value.slice(0, 3)} ${decimal(value.slice(3), places)}`
  if (AMOUNTS.includes(group)) return decimal(value, places)
  if (group === DISCOUNT) return `${decimal(value, places)} %`
  if (row.ai in DEGREES) return `${value.endsWith('-') ? '-' : ''}${decimal(value.slice(0, 6), 2)} ${DEGREES[row.ai]}`
  return ofParts(row, value, referenceYear)
}

const ofParts = (row: Ai, value: string, referenceYear: number): string => {
  let text = ''
  let isFormed = false
  let from = 0
  for (const part of row.parts) {
    const piece = value.slice(from, from + part.lengthMax)
    if (piece === '') break
    const check = part.checks.find((name) => name in FORMS)
    const form = check === undefined ? undefined : FORMS[check]
    const said = form === undefined ? piece : form(piece, referenceYear)
    // Components that stay as they are stay together.
    text += from > 0 && (isFormed || form !== undefined) && !said.startsWith(':') ? ` ${said}` : said
    isFormed = form !== undefined
    from += piece.length
  }
  return text
}

/** How a component is said, by the check that tells what it is. */
const FORMS: Readonly<Partial<Record<CheckName, (piece: string, referenceYear: number) => string>>> = {
  yymmd0: (piece, year) => `${dateOfYymmdd(piece, year) ?? piece}${piece.endsWith('00') ? ' 月末 end of month' : ''}`,
  yymmdd: (piece, year) => dateOfYymmdd(piece, year) ?? piece,
  yyyymmdd: (piece) => dateOfYyyymmdd(piece) ?? piece,
  hhmi: (piece) => `${piece.slice(0, 2)}:${piece.slice(2)}`,
  hh: (piece) => piece,
  mi: (piece) => `:${piece}`,
  ss: (piece) => `:${piece}`,
  iso3166: (piece) => countryText(countryOf(piece), piece),
  iso3166999: (piece) => (piece === '999' ? '多国 several countries (999)' : countryText(countryOf(piece), piece)),
  iso3166alpha2: (piece) => countryText(piece, piece),
  pieceoftotal: (piece) => `${Number(piece.slice(0, 2))}/${Number(piece.slice(2))}`,
  iso5218: (piece) => SEXES[piece] ?? piece,
  yesno: (piece) => (piece === '1' ? '是 yes' : '否 no'),
  latitude: (piece) => degrees(Number(piece) - 90 * DEGREE),
  longitude: (piece) => degrees(Number(piece) > 180 * DEGREE ? Number(piece) - 360 * DEGREE : Number(piece)),
  pcenc: (piece) => unescaped(piece),
}

/** Digits with their decimal point set, without zeros before it. */
const decimal = (digits: string, places: number): string => {
  const padded = digits.padStart(places + 1, '0')
  const whole = padded.slice(0, padded.length - places).replace(/^0+(?=\d)/, '')
  return places === 0 ? whole : `${whole}.${padded.slice(-places)}`
}

const degrees = (steps: number): string => (steps / DEGREE).toFixed(7)

/** Asked for when a country is to be said: the names come from the language tables of the platform. */
const countryText = (letters: string | undefined, code: string): string => {
  if (letters === undefined) return code
  const [zh, en] = ['zh', 'en'].map((language) => new Intl.DisplayNames(language, { type: 'region' }).of(letters))
  return `${letters === 'TW' ? '中国台湾' : zh} ${en} (${code})`
}

/** Text of a shipping label, which carries Chinese as percent escapes of UTF-8; bytes that are none stay as they are. */
const unescaped = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

/** Units by the first three digits of their AIs [GenSpecs 3.6]; the fourth is the number of decimals. */
const UNITS: readonly (readonly [unit: string, groups: string])[] = [
  ['kg', '310 330'],
  ['m', '311 312 313 331 332 333'],
  ['m²', '314 334'],
  ['l', '315 335'],
  ['m³', '316 336'],
  ['kg/m²', '337'],
  ['lb', '320 340'],
  ['in', '321 324 327 341 344 347'],
  ['ft', '322 325 328 342 345 348'],
  ['yd', '323 326 329 343 346 349'],
  ['in²', '350 353'],
  ['ft²', '351 354'],
  ['yd²', '352 355'],
  ['tr oz', '356'],
  ['oz', '357'],
  ['qt', '360 362'],
  ['gal', '361 363'],
  ['in³', '364 367'],
  ['ft³', '365 368'],
  ['yd³', '366 369'],
]
const UNIT_OF: ReadonlyMap<string, string> = new Map(
  UNITS.flatMap(([unit, groups]) => groups.split(' ').map((group) => [group, unit] as const)),
)
const WITH_CURRENCY: readonly string[] = ['391', '393']
const AMOUNTS: readonly string[] = ['390', '392', '395']
const DISCOUNT = '394'
/** Temperatures have two decimals, and a minus sign behind them. */
const DEGREES: Readonly<Record<string, string>> = { '4330': '°F', '4331': '°C', '4332': '°F', '4333': '°C' }
const SEXES: Readonly<Record<string, string>> = { '0': '未知 not known', '1': '男 male', '2': '女 female', '9': '不适用 not applicable' }
