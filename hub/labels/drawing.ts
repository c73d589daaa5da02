import { setImmediate as breathe } from 'node:timers/promises'
import { LABEL_FORMS, type LabelBody, type LabelRow } from '@lotkeeper/protocol/api/hub-labels.ts'
import { LABEL_NOTICES, type LabelNotice } from '@lotkeeper/protocol/label-refusals.ts'
import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import type { CatalogFacts } from '../ledger/contract.ts'
import { type Content, judgeLabel, type TagToPrint } from './content.ts'
import { type Layout, layOut } from './layout.ts'
import { linesOf } from './lines.ts'

/** One label with its shape, and what is told of it. */
export interface Drawn {
  readonly content: Content
  readonly layout: Layout
  readonly row: LabelRow
}

/** Every label of a request, judged and laid out; `tags` are theirs in that order, or none. */
export const drawAll = async (
  body: LabelBody,
  facts: CatalogFacts,
  { year, tags }: { readonly year: number; readonly tags: readonly TagToPrint[] },
): Promise<readonly Drawn[] | Refusal> => {
  const labels: Drawn[] = []
  for (const at of body.labels.keys()) {
    const content = judgeLabel(body, { at, facts, year, epc: tags[at] ?? null })
    if (isRefusal(content)) return content
    const { bitmap, chip } = LABEL_FORMS[body.form]
    const { lines, leftOut } = linesOf(content, bitmap)
    const layout = layOut(body, content.symbol, lines)
    if (isRefusal(layout)) return layout
    labels.push({
      content,
      layout,
      row: rowOf(content, notesOf(content, { leftOut, chip, numbered: body.numbered != null, shrunkTo: layout.shrunkTo })),
    })
    // Others are answered in between.
    await breathe()
  }
  return labels
}

const rowOf = ({ wish: { item, pack, copies }, says, epc }: Content, notes: LabelRow['notes']): LabelRow => ({
  ...{ item, pack, says, epc: epc?.hex ?? null, copies },
  notes,
})

interface Notable {
  readonly leftOut: readonly string[]
  readonly chip: boolean
  readonly numbered: boolean
  readonly shrunkTo: number | null
}
const notesOf = ({ notices, epc }: Content, { leftOut, chip, numbered, shrunkTo }: Notable): LabelRow['notes'] => [
  ...notices.map((code) => note(code, {})),
  ...(leftOut.length === 0 ? [] : [note('labels.text-left-out', { text: leftOut.join(' / ') })]),
  ...(shrunkTo === null ? [] : [note('labels.text-shrunk', { mm: String(shrunkTo) })]),
  ...(epc === null || !numbered ? [] : [note('labels.tag-not-registered', { epc: epc.hex })]),
  ...(epc === null || chip ? [] : [note('labels.tag-not-written', { epc: epc.hex })]),
]

const note = (code: LabelNotice, facts: Readonly<Record<string, string>>): LabelRow['notes'][number] => {
  const said = (sentence: string) => sentence.replace(/\{(\w+)\}/g, (whole, name: string) => facts[name] ?? whole)
  return { code, zh: said(LABEL_NOTICES[code].zh), en: said(LABEL_NOTICES[code].en) }
}
