import { bytesOfHex } from '@lotkeeper/protocol/bytes.ts'
import { type Identification, identifyBrackets, identifyScan, identifyUnbracketed } from '@lotkeeper/protocol/codes/identification.ts'
import { rawCodesOf } from '@lotkeeper/protocol/codes/raw-codes.ts'
import { decodeEpc } from '@lotkeeper/protocol/epc/decode.ts'
import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import { codeOf } from './codes.ts'
import { fold } from './fold.ts'

/** What somebody typed or scanned into the one box, read in every way it can be meant. */
export interface Wish {
  readonly text: string
  /** The whole of it as texts are searched, and its words each. */
  readonly folded: string
  readonly words: readonly string[]
  /** Codes it may be: a GTIN in 14 digits, another agency's code, the thing a tag is on. */
  readonly codes: readonly string[]
  /** Beginnings of a code that is only half typed. */
  readonly codeBegins: readonly string[]
  /** The tag, when it is one. */
  readonly epc: string | null
  /** What else the scan says. */
  readonly lot: string | null
  readonly serial: string | null
  readonly expiry: string | null
}

/** Reads what was typed; two-digit years of a scan are read against `referenceYear`. */
export const wishOf = (text: string, referenceYear: number): Wish => {
  const trimmed = text.trim()
  const scan = scanOf(trimmed, referenceYear)
  const epc = EPC.test(trimmed) ? trimmed.toUpperCase() : null
  const tag = epc === null ? null : taken(decodeEpc(bytesOfHex(epc) ?? new Uint8Array()))
  // Taken by its letters only when nothing else can be read in it.
  const code = scan || tag || /\s/.test(trimmed) ? null : codeOf(trimmed)
  const others = scan?.agency ? rawCodesOf(trimmed).map((other) => other.code) : []
  const found = [scan?.gtin14, scan?.content?.gtin14, tag?.gtin14, code, ...others]
  const digits = /^\d{5,14}$/.test(trimmed) ? trimmed : null
  return {
    text: trimmed,
    folded: fold(trimmed),
    words: [...new Set(trimmed.split(/\s+/).map(fold))].filter((word) => word !== ''),
    codes: [...new Set(found.filter((each) => each !== null && each !== undefined))],
    codeBegins: digits === null ? [] : [`0${digits}`, digits],
    epc,
    ...{ lot: scan?.lot ?? null, serial: scan?.serial ?? tag?.serial ?? null, expiry: scan?.expiry ?? null },
  }
}

const EPC = /^(?:[0-9A-Fa-f]{4}){4,31}$/

const scanOf = (text: string, referenceYear: number): Identification | null => {
  const reading = { referenceYear, guess: true }
  if (text.startsWith('(')) return taken(identifyBrackets(text, reading))
  if (text.startsWith('^')) return taken(identifyUnbracketed(text, reading))
  return taken(identifyScan(text, reading))
}

const taken = <Answer extends object>(answer: Answer | Refusal): Answer | null => (isRefusal(answer) ? null : (answer as Answer))
