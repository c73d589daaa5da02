import type { Catalog } from '../catalog/catalog.ts'
import type { HubQuestions } from '../ledger/contract.ts'
import type { Staging } from './staging.ts'

/** What it takes to write a batch, or to take it back. */
export interface WriteParts {
  readonly staging: Staging
  readonly catalog: Catalog
  readonly ask: HubQuestions
  /** Whether it is to stop where it is. */
  readonly stopped: () => boolean
}
