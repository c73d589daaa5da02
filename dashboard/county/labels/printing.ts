import type { HubAnswer } from '@lotkeeper/protocol/api/hub.ts'
import type { LabelBody } from '@lotkeeper/protocol/api/hub-labels.ts'

type Printed = HubAnswer<'printLabels'>

/**
 * Gives what the hub drew to the printer: a page of labels to the browser's own printing, everything else as files. Labels stand in an area that only paper
 * shows, each on a page of its own size; a frame of its own would be refused by the page's policy.
 */
export const printOut = (printed: Printed, form: LabelBody['form']): void => {
  if (form === 'sheet') printSheet(printed.files[0]?.content ?? '')
  else for (const { name, content } of printed.files) download(name, blobOf(content, printed))
}

/** Takes the last printed labels away again. */
export const clearPrinted = (): void => document.getElementById(AREA)?.remove()

const printSheet = (html: string): void => {
  clearPrinted()
  const sheet = new DOMParser().parseFromString(html, 'text/html')
  const area = document.createElement('div')
  area.id = AREA
  area.dataset['testid'] = 'label-prints'
  for (const node of sheet.querySelectorAll('head > style, body > svg')) area.append(document.importNode(node, true))
  document.body.append(area)
  window.print()
}

const blobOf = (content: string, { encoding, type }: Printed): Blob =>
  new Blob([encoding === 'base64' ? Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0)) : content], { type })

const download = (name: string, blob: Blob): void => {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  // The browser has taken hold of it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

const AREA = 'label-prints'
