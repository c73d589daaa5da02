import type { PackCode } from '../ledger/master.ts'
import { scanOf } from './aim.ts'
import { iccbbaDiIn } from './udi/iccbba.ts'
import { maCodeIn, maDiIn } from './udi/ma.ts'

/**
 * The device identifiers a text may be that is no GS1 message, the longest first: a whole local code, or the part of another agency's text that
 * names the thing, before lot and dates. Catalogues hold them as each maker wrote them, so whoever knows the catalogue tries one after another.
 */
export const rawCodesOf = (text: string): readonly PackCode[] => {
  const payload = scanOf(text).payload.trimStart()
  const codes = [{ scheme: 'local', code: payload.trimEnd() }, ...agencyCodesOf(payload)] as const
  return codes.filter(({ code }) => code !== '' && code.length <= CODE_LENGTH_MAX)
}

const agencyCodesOf = (line: string): readonly PackCode[] => {
  // A blank at the end of a HIBC label may be its check character.
  if (/^\*?\+[A-Z][0-9A-Z]/i.test(line)) return hibcOf(line)
  const payload = line.trimEnd()
  const ma = /^MA\./i.test(payload) ? payload : maCodeIn(payload)
  if (ma !== null) return maOf(ma)
  const blood = iccbbaDiIn(payload)
  if (blood !== null) return [{ scheme: 'local', code: blood }]
  return /^[0-9A-Za-z]{8,}/.test(payload) ? schemed('ahm', prefixesOf(payload, /[^0-9A-Za-z]/g)) : []
}

/** As it came, then in capitals as catalogues have it; makers end the identifier where they like. */
const maOf = (code: string): readonly PackCode[] => {
  const prefixes = prefixesOf(code, /[./*]/g)
  const di = maDiIn(code)
  return schemed('ma', [...new Set([...prefixes, ...(di === null || prefixes.includes(di) ? [] : [di, di.toUpperCase()])])])
}

const prefixesOf = (text: string, separator: RegExp): readonly string[] => [
  text,
  ...Array.from(text.matchAll(separator), ({ index }) => text.slice(0, index)).reverse(),
]

/** The primary data of a HIBC label [ANSI/HIBC 2.6]: as printed, and without its flag and its link or check character. */
const hibcOf = (payload: string): readonly PackCode[] => {
  const label = payload.startsWith('*') ? payload.slice(1, payload.endsWith('*') ? -1 : undefined) : payload
  const [primary = ''] = label.split('/')
  const bare = label.includes('/') ? primary : primary.slice(0, -1)
  return schemed('hibc', [...new Set([label, primary, bare, primary.slice(1), bare.slice(1)])])
}

const schemed = (scheme: PackCode['scheme'], codes: readonly string[]): readonly PackCode[] => codes.map((code) => ({ scheme, code }))

const CODE_LENGTH_MAX = 64
