import type { TextCoding } from './kind.ts'

/** Scanned bytes as text: UTF-8, else GB 18030 if the scanner may send it; `null` when they are neither. */
export const textOf = (bytes: Uint8Array, coding: TextCoding): string | null =>
  decoded(bytes, 'utf-8') ?? (coding === 'utf-8' ? null : decoded(bytes, coding))

const decoded = (bytes: Uint8Array, coding: TextCoding): string | null => {
  try {
    return new TextDecoder(coding, { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}
