import { bytesOfHex, hexOf } from '../bytes.ts'
import type { Parts } from '../parts.ts'

/** What stands before the first entry of an epoch: 32 zero bytes. The parent epoch is named inside that entry instead (P-004). */
export const CHAIN_START = new Uint8Array(32)

/**
 * What travels and is kept in the place of an entry whose text its holder can no longer read: its hash (P-011). It stands where the text stood,
 * so chain and signature still prove everything behind it.
 */
export const holeText = (hash: Uint8Array): string => `${HOLE_START}${hexOf(hash)}${HOLE_END}`

/** The hash a hole names, or `null` for any other text. */
export const holeOf = (text: string): Uint8Array | null =>
  text.length === HOLE_LENGTH && HOLE.test(text) ? bytesOfHex(text.slice(HOLE_START.length, -HOLE_END.length)) : null

/** Hash of an entry: SHA-256(previous hash || UTF-8 bytes of its text) [ledger-and-sync 3]; of a hole, the hash it names. */
export const hashAfter = (parts: Parts, previous: Uint8Array, text: string): Uint8Array =>
  holeOf(text) ?? parts.sha256(previous, parts.utf8(text))

/** The hash of every text, in order, after `previous`. */
export const hashesAfter = (parts: Parts, previous: Uint8Array, texts: readonly string[]): readonly Uint8Array[] => {
  let head = previous
  return texts.map((text) => {
    head = hashAfter(parts, head, text)
    return head
  })
}

/**
 * How many of these texts, from the first on, one signature behind the last of them proves: holes, then texts up to the next hole. The text
 * before a hole hangs on nothing behind it, so a batch must end there.
 */
export const provedTogether = (texts: readonly string[]): number => {
  const first = texts.findIndex((text) => holeOf(text) === null)
  const next = first < 0 ? -1 : texts.findIndex((text, at) => at > first && holeOf(text) !== null)
  return next < 0 ? texts.length : next
}

/** The bytes a batch signature covers. The first line keeps a signature from ever serving another purpose. */
export const signedHead = (
  parts: Parts,
  head: { readonly stream: string; readonly epoch: string; readonly upto: number; readonly headHash: string },
): Uint8Array => parts.utf8(`lotkeeper.batch.v1\n${head.stream}\n${head.epoch}\n${head.upto}\n${head.headHash}\n`)

const HOLE_START = '{"hole":"'
const HOLE_END = '"}'
const HOLE_LENGTH = HOLE_START.length + 64 + HOLE_END.length
const HOLE = /^\{"hole":"[0-9A-F]{64}"\}$/
