import { LABEL_SIZES, type LabelSize } from '@lotkeeper/protocol/api/hub-labels.ts'
import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import { protocolControlFor } from '@lotkeeper/protocol/epc/pc.ts'
import { type Bitmap, whiteIsOne } from './bitmap.ts'

/** One design for a printer: its dots, how often, and what to write into its chip. */
export interface Job {
  readonly bitmap: Bitmap
  readonly copies: number
  readonly epc: string | null
}

/** ZPL II: the chip first, so that one that cannot be written is voided before the rest is printed; then the dots as one graphic field. */
export const zplOf = (jobs: readonly Job[]): string =>
  jobs
    .map(({ bitmap, copies, epc }) => {
      const { width, height, rowBytes, bytes } = bitmap
      const chip = epc === null ? '' : chipOf(epc)
      const graphic = `^FO0,0^GFA,${bytes.length},${bytes.length},${rowBytes},${packedRows(bitmap)}^FS`
      return `^XA\n^PW${width}^LL${height}^LH0,0\n${chip}${graphic}\n^PQ${copies}\n^XZ\n`
    })
    .join('')

/**
 * TSPL: commands in lines, the dots as raw bytes between them; 0 is black. Where the gap is the printer knows from its own calibration; the size tells it
 * how far to feed.
 */
export const tsplOf = (jobs: readonly Job[], size: LabelSize): Uint8Array => {
  const { widthMm, heightMm } = LABEL_SIZES[size]
  return Buffer.concat(
    jobs.flatMap(({ bitmap, copies }) => [
      Buffer.from(`SIZE ${widthMm} mm,${heightMm} mm\r\nCLS\r\nBITMAP 0,0,${bitmap.rowBytes},${bitmap.height},0,`, 'latin1'),
      whiteIsOne(bitmap),
      Buffer.from(`\r\nPRINT 1,${copies}\r\n`, 'latin1'),
    ]),
  )
}

/**
 * Write, hexadecimal, into bank 1: from word 2 on, behind CRC and PC, which are right for 96 bits as they leave the factory; a longer EPC says its length in
 * the PC before it.
 */
const chipOf = (epc: string): string => {
  const bytes = epc.length / 2
  if (bytes === FACTORY_BYTES) return `^RFW,H,${EPC_WORD},${bytes},${EPC_BANK}^FD${epc}^FS\n`
  const control = protocolControlFor(bytes).toString(16).toUpperCase().padStart(4, '0')
  return `^RFW,H,${PC_WORD},${bytes + 2},${EPC_BANK}^FD${control}${epc}^FS\n`
}
const EPC_BANK = 1
const PC_WORD = 1
const EPC_WORD = 2
const FACTORY_BYTES = 12

/** Rows as ZPL packs them: `:` the row above, `,` nothing but zeros to the end, `G`..`Y` one to nineteen and `g`..`z` twenty to four hundred of what follows. */
const packedRows = ({ bytes, height, rowBytes }: Bitmap): string => {
  const rows: string[] = []
  let above = ''
  for (let row = 0; row < height; row += 1) {
    const hex = hexOf(bytes.subarray(row * rowBytes, (row + 1) * rowBytes)).toUpperCase()
    rows.push(hex === above ? ':' : packedRow(hex))
    above = hex
  }
  return rows.join('')
}

const packedRow = (hex: string): string => {
  const inked = hex.replace(/0+$/, '')
  // Zeros are filled in by whole bytes.
  const kept = hex.slice(0, inked.length + (inked.length % 2))
  const runs = kept.replace(/(.)\1+/g, (run, digit: string) => countOf(run.length) + digit)
  return kept.length === hex.length ? runs : `${runs},`
}

const countOf = (count: number): string => {
  const twenties = Math.floor(count / 20)
  if (twenties > TWENTIES_MAX) return `z${countOf(count - TWENTIES_MAX * 20)}`
  const high = twenties === 0 ? '' : String.fromCharCode(G_LOWER + twenties - 1)
  const rest = count % 20
  return high + (rest === 0 ? '' : String.fromCharCode(G_UPPER + rest - 1))
}
const TWENTIES_MAX = 20
const G_LOWER = 'g'.charCodeAt(0)
const G_UPPER = 'G'.charCodeAt(0)
