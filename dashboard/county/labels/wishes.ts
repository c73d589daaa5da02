import type { LabelBody } from '@lotkeeper/protocol/api/hub-labels.ts'

/** One kind of label as it is being chosen. */
export interface WishRow {
  readonly id: number
  readonly item: string | undefined
  readonly pack: string | undefined
  readonly lotNumber: string
  readonly expiry: string | null
  readonly copies: number
  /** Units to label, where the pack is not chosen yet: they say how many copies that makes. */
  readonly units?: number
}

/** How labels look and leave. */
export type Look = Pick<LabelBody, 'form' | 'size' | 'dpi' | 'symbol' | 'scheme'>

/** Which labels are tags, and for what. */
export interface TagWish {
  readonly kind: 'plain' | 'announce' | 'numbered'
  readonly site: string | undefined
  readonly doc: string
  readonly epc: 'sgtin-96' | 'sgtin+'
  readonly prefixDigits: number
}

export const FIRST_LOOK: Look = { form: 'sheet', size: '60x40', dpi: 203, symbol: 'datamatrix', scheme: 'gs1' }
export const FIRST_TAGS: TagWish = { kind: 'plain', site: undefined, doc: '', epc: 'sgtin-96', prefixDigits: 7 }

/** What is asked of the hub: every line that is finished; `null` while there is none, or nobody said where tags go. */
export const bodyOf = (rows: readonly WishRow[], tags: TagWish, look: Look): Omit<LabelBody, 'action'> | null => {
  const labels = rows.flatMap(({ item, pack, lotNumber, expiry, copies }) =>
    item === undefined || pack === undefined
      ? []
      : [{ item, pack, lotNumber: lotNumber.trim() === '' ? null : lotNumber.trim(), expiry, copies }],
  )
  if (labels.length === 0) return null
  if (tags.kind === 'announce' && tags.site === undefined) return null
  const { prefixDigits, epc } = tags
  const announce =
    tags.kind === 'announce' ? { site: tags.site ?? '', doc: tags.doc.trim() === '' ? null : tags.doc.trim(), prefixDigits, epc } : null
  return { ...look, labels, announce, ...(tags.kind === 'numbered' ? { numbered: { prefixDigits, epc } } : {}) }
}

/** What makes two prints the same act: not how they look. A jammed roll may be printed again on another size or by another printer. */
export const sameActKey = ({ labels, announce, numbered, scheme }: Omit<LabelBody, 'action'>): string =>
  JSON.stringify([labels, announce, numbered ?? null, scheme])

export const copiesIn = (rows: readonly Pick<WishRow, 'copies'>[]): number => rows.reduce((sum, { copies }) => sum + copies, 0)

/**
 * The largest pack with a GTIN that what is there fills, and how many of them: an opened one bears a label too. The smallest where none is filled; packs without
 * a GTIN only where none has one, for no GS1 label can be made of them.
 */
export const packFor = (
  packs: readonly { readonly pack: string; readonly units: number; readonly gtin: string | null }[],
  units: number | undefined,
): { readonly pack: string; readonly copies: number } | null => {
  const coded = packs.filter(({ gtin }) => gtin !== null)
  const sorted = (coded.length > 0 ? coded : packs).toSorted((one, other) => other.units - one.units)
  const fit = sorted.find((one) => units === undefined || one.units <= units) ?? sorted.at(-1)
  if (!fit) return null
  return { pack: fit.pack, copies: units === undefined ? 1 : Math.min(COPIES_MAX, Math.max(1, Math.ceil(units / fit.units))) }
}

/** Of one kind; the hub draws at most a thousand at once. */
export const COPIES_MAX = 1_000
