import type { TableKind } from '@lotkeeper/protocol/api/hub-imports.ts'
import type { HubQuestions } from '../ledger/contract.ts'
import { openOpeningPreview } from './opening-preview.ts'
import { type Known, openKnown, openPreview, type Preview, type PreviewParts } from './preview.ts'
import { TABLES } from './tables.ts'

/** What must be known of the catalogue to look at a table; the stock of an old system is matched with items. */
export const openKnownOf = (kind: TableKind, ask: HubQuestions): Promise<Known> =>
  openKnown(TABLES[kind === 'openings' ? 'items' : kind], ask)

/** The preview of a kind of table. */
export const openPreviewOf = (
  kind: TableKind,
  known: Known,
  { ask, now, undone }: { readonly ask: HubQuestions; readonly now: () => number } & PreviewParts,
): Preview => (kind === 'openings' ? openOpeningPreview(known, ask, now) : openPreview(TABLES[kind], known, { ask, undone }))
