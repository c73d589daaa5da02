import gs1 from '@lotkeeper/protocol/codes/fixtures/gs1.json' with { type: 'json' }
import scanner from '@lotkeeper/protocol/codes/fixtures/scanner.json' with { type: 'json' }
import udiOther from '@lotkeeper/protocol/codes/fixtures/udi-other.json' with { type: 'json' }
import epc from '@lotkeeper/protocol/epc/fixtures/epc.json' with { type: 'json' }
import type { Draw } from './draw.ts'

/** A line for `lotkeeper decode`: a right code, one damaged in some places, or noise. */
export const drawLine = (draw: Draw): string => {
  const request = draw.of(SOURCES)(draw)
  const line = JSON.stringify(request)
  return draw.maybe(0.01) ? mutated(draw, line, PRINTABLE) : line
}

type Request = Readonly<Record<string, unknown>>
type Source = (draw: Draw) => Request

const DIGITS = '0123456789'
const PRINTABLE = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)).join('')
const GS = '\u001d'
const SCANNED = `${DIGITS}${DIGITS}${DIGITS}${PRINTABLE}${GS}${GS}^()\u0000\u00e9\ud800\u6d4b`
const HEX = '0123456789ABCDEF'
const HIBC = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%'
const AIM = [']d2', ']C1', ']Q3', ']e0', ']J1', ']E0', ']E4', ']d1', ']Q1', ']C0', ']I1', ']A0', '']

/** What stands in the collected vectors, as it is. */
const KNOWN: readonly Request[] = [
  ...(gs1.vectors as readonly Request[]).map(({ kind, input, options }) => ({
    kind,
    input,
    ...(options === undefined ? {} : { options }),
  })),
  ...(udiOther.vectors as readonly Request[]).map(({ system, input }) => ({ kind: 'udi', system, input })),
  ...(epc.vectors as readonly Request[]).map(({ hex }) => ({ kind: 'epc', hex })),
  ...(scanner.vectors as readonly Request[]).map(({ hex }) => ({
    kind: 'scan',
    input: Buffer.from(String(hex), 'hex').toString('latin1'),
  })),
]

const known: Source = (draw) => draw.of(KNOWN)

/** A collected vector with one to four places changed. */
const damaged: Source = (draw) => {
  const request = draw.of(KNOWN)
  const field = 'hex' in request ? 'hex' : 'input'
  return { ...request, [field]: mutated(draw, String(request[field]), field === 'hex' ? HEX : SCANNED) }
}

/** Elements that stand in a label, most of them right, in one of the forms. */
const label: Source = (draw) => {
  const elements = Array.from({ length: 1 + draw.below(4) }, () => draw.of(ELEMENTS)(draw))
  const form = draw.of(FORMS)
  const options = draw.maybe(0.5) ? { options: { req: false } } : {}
  const text = WRITE[form](elements, draw)
  return { kind: form, input: draw.maybe(0.5) ? text : mutated(draw, text, SCANNED), ...options }
}

const FORMS = ['bracketed', 'unbracketed', 'scan', 'dl'] as const
type Form = (typeof FORMS)[number]
type Pair = readonly [ai: string, value: string]

const WRITE: Readonly<Record<Form, (elements: readonly Pair[], draw: Draw) => string>> = {
  bracketed: (elements) => elements.map(([ai, value]) => `(${ai})${value.replaceAll('(', '\\(')}`).join(''),
  unbracketed: (elements) => `^${elements.map(([ai, value]) => ai + value).join('^')}`,
  scan: (elements, draw) => draw.of(AIM) + elements.map(([ai, value]) => ai + value).join(GS),
  dl: (elements, draw) => {
    const path = 1 + draw.below(elements.length)
    const parts = elements.map(([ai, value]) => [ai, encodeURIComponent(value)] as const)
    const query = parts.slice(path).map(([ai, value]) => `${ai}=${value}`)
    const link = `https://${draw.of(['id.gs1.org', 'a.example.cn/x', 'EXAMPLE.COM:8443'])}${parts
      .slice(0, path)
      .map(([ai, value]) => `/${ai}/${value}`)
      .join('')}`
    return query.length === 0 ? link : `${link}?${query.join('&')}`
  },
}

const checked = (digits: string): string => {
  const sum = [...digits].toReversed().reduce((total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 3 : 1), 0)
  return digits + String((10 - (sum % 10)) % 10)
}
const keyed =
  (ai: string, length: number) =>
  (draw: Draw): Pair => {
    const digits = checked(draw.text(length - 1, DIGITS))
    // Now and then with another last digit, which is wrong nine times in ten.
    return [ai, draw.maybe(0.2) ? digits.slice(0, -1) + draw.text(1, DIGITS) : digits]
  }
const SET_82 = `!"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz`
const text =
  (ai: string, most: number) =>
  (draw: Draw): Pair => [ai, draw.text(1 + draw.below(most), SET_82)]
const number =
  (ai: string, most: number) =>
  (draw: Draw): Pair => [ai, draw.text(1 + draw.below(most), DIGITS)]
const day =
  (ai: string) =>
  (draw: Draw): Pair => [
    ai,
    `${draw.text(2, DIGITS)}${draw.of(['00', '01', '02', '06', '12', '13'])}${draw.of(['00', '01', '28', '29', '30', '31', '32'])}`,
  ]

const ELEMENTS: readonly ((draw: Draw) => Pair)[] = [
  ...[
    keyed('01', 14),
    keyed('01', 14),
    keyed('00', 18),
    keyed('02', 14),
    keyed('414', 13),
    keyed('253', 13),
    keyed('8006', 14),
    keyed('8018', 18),
  ],
  ...[text('10', 20), text('21', 20), text('240', 30), text('8013', 25), text('91', 90), text('22', 20), text('8004', 30)],
  ...[
    day('11'),
    day('13'),
    day('15'),
    day('17'),
    number('30', 8),
    number('37', 8),
    number('7003', 10),
    number('8008', 12),
    number('3103', 6),
  ],
  (draw) => [draw.text(2 + draw.below(3), DIGITS), draw.text(1 + draw.below(20), SET_82)],
]

/** A tag of some scheme whose bits are chance. */
const tag: Source = (draw) => {
  const header = draw.maybe(0.8) ? draw.of(HEADERS) : draw.text(2, HEX)
  const length = draw.of([22, 22, 22, 26, 42, 48, 50, 54, draw.below(64)])
  return { kind: 'epc', hex: header + draw.text(length, HEX) }
}
const HEADERS = '2C2D2E2F303132333435363738393A3B3C3D3E3F4041E2E6E7E8E9EAEBECEDEEEFF0F1F2F3F4F5F6F7F8F9FAFBFCFD'.match(/../g) ?? []

/** A HIBC label with its check character, a MA or an ICCBBA one; often damaged. */
const udi: Source = (draw) => {
  const { system, write } = draw.of(AGENCIES)
  const input = write(draw)
  return { kind: 'udi', system, input: draw.maybe(0.5) ? input : mutated(draw, input, HIBC) }
}
const with43 = (body: string): string => body + HIBC.charAt([...body].reduce((sum, letter) => sum + HIBC.indexOf(letter), 0) % 43)
const AGENCIES: readonly { readonly system: string; readonly write: (draw: Draw) => string }[] = [
  {
    system: 'HIBC',
    write: (draw) => {
      const primary = `+${draw.text(1, HIBC.slice(10, 36))}${draw.text(3 + draw.below(16), HIBC.slice(0, 36))}${draw.below(10)}`
      const date = draw.of(['0828', '2083128', '3280831', '428083112', '528243', '62824312', '7', '82412', '9000123', '28243'])
      const secondary = `${draw.of(['/', '+'])}${draw.of(['$', '$+', '$$', '$$+', ''])}${date}${draw.text(draw.below(12), HIBC.slice(0, 36))}`
      return with43(draw.of([primary, primary + secondary, secondary, `${primary}${secondary}/S${draw.text(4, DIGITS)}/16D20250901`]))
    },
  },
  {
    system: 'MA',
    write: (draw) =>
      `MA.156.M0.${draw.text(6, DIGITS)}.${draw.text(8, HIBC.slice(0, 36))}${draw.of(['', '.L', '.S1.L', '.E', '.V', '.D'])}${draw.text(draw.below(9), DIGITS)}`,
  },
  {
    system: 'ICCBBA',
    write: (draw) => `=/${draw.text(16, HIBC.slice(0, 36))}=,${draw.text(6, DIGITS)}=>0${draw.text(5, DIGITS)}&,1${draw.text(18, DIGITS)}`,
  },
  { system: 'AHM', write: (draw) => draw.text(1 + draw.below(40), PRINTABLE) },
]

const noise: Source = (draw) => ({
  kind: draw.of(['scan', 'bracketed', 'unbracketed', 'uri', 'dl', 'epc', 'udi', 'nothing', '']),
  system: draw.of(['MA', 'HIBC', 'AHM', 'ICCBBA', 'GS1', '']),
  hex: draw.text(draw.below(80), draw.maybe(0.8) ? HEX : SCANNED),
  input: draw.text(draw.below(200), draw.maybe(0.5) ? SCANNED : PRINTABLE),
})

const SOURCES: readonly Source[] = [known, damaged, damaged, damaged, label, label, label, tag, tag, udi, udi, noise]

/** One to four places changed: another letter, one more, one less, two swapped, a piece doubled, the end cut off. */
const mutated = (draw: Draw, from: string, alphabet: string): string => {
  let text = from
  for (let left = 1 + draw.below(4); left > 0; left -= 1) text = draw.of(CHANGES)(text, draw.below(text.length + 1), draw, alphabet)
  return text
}

const CHANGES: readonly ((text: string, at: number, draw: Draw, alphabet: string) => string)[] = [
  (text, at, draw, alphabet) => text.slice(0, at) + draw.text(1, alphabet) + text.slice(at + 1),
  (text, at, draw, alphabet) => text.slice(0, at) + draw.text(1, alphabet) + text.slice(at),
  (text, at) => text.slice(0, at) + text.slice(at + 1),
  (text, at) => text.slice(0, at) + text.charAt(at + 1) + text.charAt(at) + text.slice(at + 2),
  (text, at, draw) => text.slice(0, at) + text.slice(Math.max(0, at - draw.below(12))),
  (text, at) => text.slice(0, at),
]
