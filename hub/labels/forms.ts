import { setImmediate as breathe } from 'node:timers/promises'
import type { HubAnswer } from '@lotkeeper/protocol/api/hub.ts'
import { LABEL_FORMS, type LabelBody, type LabelForm } from '@lotkeeper/protocol/api/hub-labels.ts'
import { drawBitmap, pngOf } from './bitmap.ts'
import type { Drawn } from './drawing.ts'
import { pdfOf } from './pdf.ts'
import { tsplOf, zplOf } from './printers.ts'
import { sheetOf, svgOf } from './svg.ts'

/** The labels in the form that was chosen: one file a design where the form is a picture, else one file with all copies. */
export const writeForm = async ({ form, size }: Pick<LabelBody, 'form' | 'size'>, labels: readonly Drawn[]): Promise<Written> => {
  const made = await WRITERS[form](labels, size)
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
type Written = Omit<HubAnswer<'printLabels'>, 'rows'>

type Writer = (labels: readonly Drawn[], size: LabelBody['size']) => Promise<readonly (string | Uint8Array)[]>
const WRITERS: Readonly<Record<LabelForm, Writer>> = {
  svg: (labels, size) => eachOf(labels, ({ layout }) => svgOf(layout, size)),
  sheet: async (labels, size) => [
    sheetOf(
      labels.map(({ layout, row }) => ({ layout, copies: row.copies })),
      size,
    ),
  ],
  png: (labels) => eachOf(labels, ({ layout }) => pngOf(drawBitmap(layout), layout.dotsPerMm)),
  pdf: async (labels, size) => [pdfOf(await eachOf(labels, jobOf), size)],
  zpl: async (labels) => [(await eachOf(labels, (label) => zplOf([jobOf(label)]))).join('')],
  tspl: async (labels, size) => [Buffer.concat(await eachOf(labels, (label) => tsplOf([jobOf(label)], size)))],
}

/** One label after another; a hundred large ones take a second, and others are answered in between. */
const eachOf = async <Made>(labels: readonly Drawn[], make: (label: Drawn) => Made): Promise<readonly Made[]> => {
  const made: Made[] = []
  for (const label of labels) {
    made.push(make(label))
    await breathe()
  }
  return made
}

const ENDINGS: Readonly<Record<LabelForm, string>> = { svg: 'svg', sheet: 'html', png: 'png', pdf: 'pdf', zpl: 'zpl', tspl: 'prn' }

const jobOf = ({ layout, content, row }: Drawn) => ({ bitmap: drawBitmap(layout), copies: row.copies, epc: content.epc?.hex ?? null })
