import { hexOf } from '../bytes.ts'
import { HUB, writerOf } from '../names.ts'
import type { DecisionBody } from './bodies.ts'
import type { Entry } from './entry.ts'
import type { Findings } from './findings.ts'
import type { LogRow, SealRow, StoredLedger } from './stored.ts'

/** Finds what a hub took of a key it had revoked before, when no decision of a person stands in its own stream. */
export interface RevokedCheck {
  /** An entry the log holds, in any order. */
  readonly note: (row: LogRow, entry: Entry) => void
  /** A kept signature; to be asked once the whole log was noted. */
  readonly judge: (seal: SealRow, where: string) => void
}

export const openRevokedCheck = (heldAt: StoredLedger['heldAt'], findings: Findings): RevokedCheck => {
  const revoked = new Map<string, { readonly ord: number; readonly receivedAtMs: number }>()
  const decided = new Set<string>()
  return {
    note: (row, { kind, body }) => {
      if (heldAt === null || row.ord === null || writerOf(row.stream) !== HUB) return
      if (kind === 'revoke') {
        const name = `${String(body['node'])} ${String(body['key'])}`
        const { ord, receivedAtMs } = row
        if (ord < (revoked.get(name)?.ord ?? Number.POSITIVE_INFINITY)) revoked.set(name, { ord, receivedAtMs })
      }
      if (kind === 'decision') {
        const { verdict, stream, epoch, upto, headHash, key } = body as DecisionBody
        if (verdict === 'take') decided.add([stream, epoch, upto, headHash, key].join(' '))
      }
    },
    judge: ({ stream, epoch, upto, headHash, key }, where) => {
      const since = revoked.get(`${writerOf(stream)} ${key}`)
      if (!since || decided.has([stream, epoch, upto, hexOf(headHash), key].join(' '))) return
      const held = heldAt?.(stream, epoch, upto)
      // What was parked or stood as a hole gets its place in the order later than it came; then the time it came tells.
      if (!held || held.late || held.ord === null || held.ord < since.ord || held.receivedAtMs < since.receivedAtMs) return
      findings.note('key-revoked', where, key)
    },
  }
}
