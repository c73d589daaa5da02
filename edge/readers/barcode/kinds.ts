import type { ScannerKind } from './kind.ts'
import { LINE_KINDS } from './line-kind.ts'
import { SSI } from './ssi/kind.ts'

/** Every kind of scanner, by the name used in settings. */
export const SCANNER_KINDS = { ...LINE_KINDS, ssi: SSI } as const satisfies Readonly<Record<string, ScannerKind>>
export type ScannerKindName = keyof typeof SCANNER_KINDS
export const SCANNER_KIND_NAMES = Object.keys(SCANNER_KINDS) as readonly ScannerKindName[]
