import type { HubAnswer } from '@lotkeeper/protocol/api/hub.ts'
import { LABEL_FORMS, type LabelBody, type LabelForm, type LabelRow } from '@lotkeeper/protocol/api/hub-labels.ts'
import { drawBitmap, pngOf } from './bitmap.ts'
import type { Content } from './content.ts'
import type { Layout } from './layout.ts'
import { pdfOf } from './pdf.ts'
import { tsplOf, zplOf } from './printers.ts'
import { sheetOf, svgOf } from './svg.ts'

/** The labels in the form that was chosen: one file a design where the form is a picture, else one file with all copies. */
export const writeForm = ({ form, size }: Pick<LabelBody, 'form' | 'size'>, labels: readonly Drawn[]): Written => {
  const made = WRITERS[form](labels, size)
  const named = made.length === 1 ? [`labels.${ENDINGS[form]}`] : made.map((_, at) => `label-${at + 1}.${ENDINGS[form]}`)
  const encoding = made.every((content) => typeof content === 'string') ? 'utf-8' : 'base64'
  return {
    type: LABEL_FORMS[form].type,
    encoding,
    files: made.map((content, at) => ({
      name: named[at] ?? '',
      content: typeof content === 'string' ? content : Buffer.from(content).toString('base64'),
    })),
  }
}
/** One label with its shape, and what is told of it. */
export interface Drawn {
  readonly content: Content
  readonly layout: Layout
  readonly row: LabelRow
}
type Written = Omit<HubAnswer<'printLabels'>, 'rows'>

type Writer = (labels: readonly Drawn[], size: LabelBody['size']) => readonly (string | Uint8Array)[]
const WRITERS: Readonly<Record<LabelForm, Writer>> = {
  svg: (labels, size) => labels.map(({ layout }) => svgOf(layout, size)),
  sheet: (labels, size) => [
    sheetOf(
      labels.map(({ layout, row }) => ({ layout, copies: row.copies })),
      size,
    ),
  ],
  png: (labels) => labels.map(({ layout }) => pngOf(drawBitmap(layout), layout.dotsPerMm)),
  pdf: (labels, size) => [pdfOf(labels.map(jobOf), size)],
  zpl: (labels) => [zplOf(labels.map(jobOf))],
  tspl: (labels, size) => [tsplOf(labels.map(jobOf), size)],
}

const ENDINGS: Readonly<Record<LabelForm, string>> = { svg: 'svg', sheet: 'html', png: 'png', pdf: 'pdf', zpl: 'zpl', tspl: 'prn' }

const jobOf = ({ layout, content, row }: Drawn) => ({ bitmap: drawBitmap(layout), copies: row.copies, epc: content.epc?.hex ?? null })
