import type { NodeBody } from '@lotkeeper/protocol/api/node.ts'
import { mirrorLines } from '@lotkeeper/protocol/ledger/movement.ts'
import { entryOf, streamOfNode } from '@lotkeeper/protocol/names.ts'
import { isRefusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { type Decide, draftOf, textOf } from './draft.ts'
import { undoRetag } from './retag.ts'

/**
 * Reverses a whole entry of this node, once. Its lines are undone last first, so every step back stands where the way forward stood; where the
 * units have moved on, the ledger refuses: what is gone cannot be taken back by a sentence.
 */
export const decideReverse: Decide<Omit<NodeBody<'reverse'>, 'action'>> = (book, request, at) => {
  const reason = textOf(request.reason)
  if (reason === null) return refuse('rules.reason-missing')
  const name = entryOf(request.entry)
  if (name && name.stream !== streamOfNode(at.node)) return refuse('ledger.reverse-foreign', { entry: request.entry })
  const entry = book.entry(request.entry)
  if (!name || !entry) return refuse('ledger.entry-unknown', { entry: request.entry })
  if (entry.kind === 'retag') return undoRetag(book, { id: request.entry, retag: entry, reason }, at)
  if (entry.lines.length === 0) return refuse('ledger.reverse-nothing', { entry: request.entry })
  if (entry.reverses) return refuse('ledger.reverse-reversal', { entry: request.entry })
  const numbers = entry.lines.map((_, line) => line).toReversed()
  const already = numbers.map((line) => book.reversedBy(request.entry, line)).find((id) => id !== null)
  if (already) return refuse('ledger.reverse-twice', { entry: request.entry, by: already })
  const lines = mirrorLines(entry, numbers)
  if (isRefusal(lines)) return lines
  const reverses = { entry: request.entry, lines: numbers }
  return [draftOf('reverse', at, { lines, reverses, refs: [request.entry], doc: entry.doc, body: { reason } })]
}
