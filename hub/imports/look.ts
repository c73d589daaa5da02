import { setImmediate } from 'node:timers/promises'
import type { CertificateView, PartyView } from '@lotkeeper/protocol/api/hub-catalog.ts'
import type { TableKind } from '@lotkeeper/protocol/api/hub-imports.ts'
import type { ItemView } from '@lotkeeper/protocol/api/views.ts'
import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import type { HubQuestions } from '../ledger/contract.ts'
import { fold } from '../reference/fold.ts'

/** The catalogue as it stood when it was read, to find records by what people call them. */
export interface Look {
  readonly items: readonly ItemView[]
  readonly parties: readonly PartyView[]
  readonly certificates: readonly CertificateView[]
  /** The id of a certificate, by its number or its id; null: none has it, or several have. */
  readonly certificate: (said: string) => string | null
  readonly party: (said: string) => string | null
  /** What a record is called in a table: its number or name where that is one record's alone, else its id. */
  readonly certificateCell: (id: string) => string
  readonly partyCell: (id: string) => string
}

/** `items` is left out where nothing is to be matched with them: it is by far the longest list. */
export const openLook = async (ask: LookAsk, kinds: readonly TableKind[]): Promise<Look> => {
  const items = kinds.includes('items') ? await allOf((page) => ask.items(page)) : []
  const parties = await allOf((page) => ask.parties(page))
  const certificates = await allOf((page) => ask.certificates(page))
  const byNumber = openNames(certificates.map(({ id, number }) => ({ id, name: number })))
  const byName = openNames(parties.map(({ id, name }) => ({ id, name: name.zh })))
  return {
    items: items.map(({ permit: _, ...item }) => item),
    parties: parties.map(({ validity: _, ...party }) => party),
    certificates: certificates.map(({ validity: _, holderName: __, ...certificate }) => certificate),
    certificate: byNumber.id,
    party: byName.id,
    certificateCell: byNumber.cell,
    partyCell: byName.cell,
  }
}
export type LookAsk = Pick<HubQuestions, 'items' | 'parties' | 'certificates'>

const openNames = (rows: readonly { readonly id: string; readonly name: string }[]) => {
  const ids = new Map(rows.map(({ id, name }) => [id, name]))
  const byName = new Map<string, string | null>()
  // A name that two have names nobody.
  for (const { id, name } of rows) byName.set(fold(name), byName.has(fold(name)) ? null : id)
  return {
    id: (said: string): string | null => (ids.has(said) ? said : (byName.get(fold(said)) ?? null)),
    cell: (id: string): string => {
      const name = ids.get(id)
      return name !== undefined && byName.get(fold(name)) === id && !ids.has(name) ? name : id
    },
  }
}

/** Every row of a list that is answered page by page. */
export const allOf = async <Row>(
  page: (query: { readonly limit: number; readonly cursor?: string }) => Promise<Page<Row> | Refusal>,
): Promise<readonly Row[]> => {
  const rows: Row[] = []
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const answer = await page({ limit: PAGE_ROWS, ...(cursor === undefined ? {} : { cursor }) })
    if (isRefusal(answer)) throw new Error(`the catalogue cannot be read: ${answer.code}`)
    rows.push(...answer.rows)
    cursor = answer.next
    await setImmediate()
  }
  return rows
}
interface Page<Row> {
  readonly rows: readonly Row[]
  readonly next: string | null
}
const PAGE_ROWS = 500
