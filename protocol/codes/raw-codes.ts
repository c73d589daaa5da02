import type { PackCode } from '../ledger/master.ts'
import { scanOf } from './aim.ts'

/**
 * The device identifiers a text may be that is no GS1 message, the longest first: a whole local code, or the part of an MA, AHM or HIBC text that
 * names the thing, before lot and dates. Their data carriers differ by maker, so whoever knows the catalogue tries one after another.
 */
export const rawCodesOf = (text: string): readonly PackCode[] => {
  const payload = scanOf(text).payload.trim()
  const codes: PackCode[] = [{ scheme: 'local', code: payload }]
  if (/^MA\./i.test(payload)) codes.push(...prefixesOf(payload, /[./*]/g).map((code) => ({ scheme: 'ma', code }) as const))
  else if (/^\+[A-Z][0-9A-Z]/i.test(payload)) codes.push(...hibcOf(payload))
  else if (/^[0-9A-Za-z]{8,}/.test(payload))
    codes.push(...prefixesOf(payload, /[^0-9A-Za-z]/g).map((code) => ({ scheme: 'ahm', code }) as const))
  return codes.filter(({ code }) => code !== '' && code.length <= CODE_LENGTH_MAX)
}

/** Whether a text is written as an identifier of an agency other than GS1, known here or not. */
export const isAgencyCode = (text: string): boolean => /^(MA\.\d|\+[A-Z][0-9A-Z]{3})/i.test(scanOf(text).payload.trim())

const prefixesOf = (text: string, separator: RegExp): readonly string[] => [
  text,
  ...Array.from(text.matchAll(separator), ({ index }) => text.slice(0, index)).reverse(),
]

/** The primary data of a HIBC label [ANSI/HIBC 2.6]: as printed, and without its flag and its link or check character. */
const hibcOf = (payload: string): readonly PackCode[] => {
  const [primary = ''] = payload.split('/')
  const bare = payload.includes('/') ? primary : primary.slice(0, -1)
  return [...new Set([payload, primary, bare, primary.slice(1), bare.slice(1)])].map((code) => ({ scheme: 'hibc', code }))
}

const CODE_LENGTH_MAX = 64
