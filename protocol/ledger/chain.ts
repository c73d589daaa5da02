import type { Parts } from '../parts.ts'

/** What stands before the first entry of an epoch: 32 zero bytes. The parent epoch is named inside that entry instead (P-004). */
export const CHAIN_START = new Uint8Array(32)

/** Hash of an entry: SHA-256(previous hash || UTF-8 bytes of its text) [ledger-and-sync 3]. */
export const hashAfter = (parts: Parts, previous: Uint8Array, text: string): Uint8Array => parts.sha256(previous, parts.utf8(text))

/** The hash of every text, in order, after `previous`. */
export const hashesAfter = (parts: Parts, previous: Uint8Array, texts: readonly string[]): readonly Uint8Array[] => {
  let head = previous
  return texts.map((text) => {
    head = hashAfter(parts, head, text)
    return head
  })
}

/** The bytes a batch signature covers. The first line keeps a signature from ever serving another purpose. */
export const signedHead = (
  parts: Parts,
  head: { readonly stream: string; readonly epoch: string; readonly upto: number; readonly headHash: string },
): Uint8Array => parts.utf8(`lotkeeper.batch.v1\n${head.stream}\n${head.epoch}\n${head.upto}\n${head.headHash}\n`)
