import { deflateSync } from 'node:zlib'
import { LABEL_SIZES, type LabelSize } from '@lotkeeper/protocol/api/hub-labels.ts'
import { type Bitmap, whiteIsOne } from './bitmap.ts'

/** A PDF with one label a page in its true size, each design kept once however often it is printed [ISO 32000-1, 7.5, 8.9]. */
export const pdfOf = (labels: readonly { readonly bitmap: Bitmap; readonly copies: number }[], size: LabelSize): Uint8Array => {
  const { widthMm, heightMm } = LABEL_SIZES[size]
  const [wide, high] = [points(widthMm), points(heightMm)]
  const objects: (string | Buffer)[] = ['<</Type/Catalog/Pages 2 0 R>>', '']
  const add = (object: string | Buffer): number => objects.push(object)
  const shown = add(streamOf('', Buffer.from(`q ${wide} 0 0 ${high} 0 0 cm /L Do Q`, 'latin1')))
  const pages: number[] = []
  for (const { bitmap, copies } of labels) {
    const { width, height } = bitmap
    const form = `/Type/XObject/Subtype/Image/Width ${width}/Height ${height}/ColorSpace/DeviceGray/BitsPerComponent 1/Filter/FlateDecode`
    const image = add(streamOf(form, deflateSync(whiteIsOne(bitmap))))
    const page = `<</Type/Page/Parent 2 0 R/MediaBox[0 0 ${wide} ${high}]/Resources<</XObject<</L ${image} 0 R>>>>/Contents ${shown} 0 R>>`
    for (let copy = 0; copy < copies; copy += 1) pages.push(add(page))
  }
  objects[1] = `<</Type/Pages/Count ${pages.length}/Kids[${pages.map((page) => `${page} 0 R`).join(' ')}]>>`
  return written(objects)
}

const written = (objects: readonly (string | Buffer)[]): Uint8Array => {
  // The second line tells whoever carries the file that it is no text.
  const parts: Buffer[] = [Buffer.from('%PDF-1.4\n%\xe2\xe3\xcf\xd3\n', 'latin1')]
  const starts: number[] = []
  let at = parts[0]?.length ?? 0
  const put = (part: Buffer) => {
    parts.push(part)
    at += part.length
  }
  for (const [index, object] of objects.entries()) {
    starts.push(at)
    put(Buffer.from(`${index + 1} 0 obj\n`, 'latin1'))
    put(Buffer.from(object))
    put(Buffer.from('\nendobj\n', 'latin1'))
  }
  const rows = starts.map((start) => `${String(start).padStart(10, '0')} 00000 n \n`).join('')
  const count = objects.length + 1
  const table = `xref\n0 ${count}\n0000000000 65535 f \n${rows}trailer\n<</Size ${count}/Root 1 0 R>>\nstartxref\n${at}\n%%EOF\n`
  put(Buffer.from(table, 'latin1'))
  return Buffer.concat(parts)
}

const streamOf = (entries: string, body: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`<<${entries}/Length ${body.length}>>\nstream\n`, 'latin1'), body, Buffer.from('\nendstream', 'latin1')])

const points = (mm: number): string => ((mm * 72) / 25.4).toFixed(3)
