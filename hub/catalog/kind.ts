import type { Refusal } from '@lotkeeper/protocol/refusals.ts'
import type { Acted, CatalogFacts, HubDraft, HubQuestions } from '../ledger/contract.ts'

/** One kind of master data: what must be known to judge it, what it writes, how its entries are shown. All of it pure. */
export interface CatalogKind<Body, View> {
  /** Uploaded files it refers to, by their hashes. */
  readonly files?: (body: Body) => readonly string[]
  /** The body with what its maker could not see put back from the record as it stands, or as an earlier act of that name made it. */
  readonly unmasked?: (body: Body, from: { readonly known: CatalogFacts } | { readonly acted: readonly Acted[] }) => Body
  readonly names: (body: Body) => Parameters<HubQuestions['known']>[0]
  /** The entries to write; `already` when nothing would change. */
  readonly judge: (body: Body, known: Awaited<ReturnType<HubQuestions['known']>>) => Judged<View> | Refusal
  /** Whether the entries of an earlier act say what this body says. */
  readonly same: (body: Body, acted: readonly Acted[]) => boolean
  readonly view: (acted: readonly Acted[]) => View
}
export type Judged<View> = { readonly drafts: readonly CatalogDraft[] } | { readonly already: View }
export type CatalogDraft = Omit<HubDraft, 'action' | 'part' | 'actor'>
