import { HUB_ROUTES, type HubBody } from '@lotkeeper/protocol/api/hub.ts'
import { isRefusal, malformed, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import { Compile } from 'typebox/compile'
import { Locale } from 'typebox/system'
import type { Catalog } from '../catalog/catalog.ts'
import { ITEMS } from '../catalog/items.ts'
import type { CatalogKind } from '../catalog/kind.ts'
import { CERTIFICATES, PARTIES } from '../catalog/parties.ts'
import type { CatalogFacts, CatalogNames } from '../ledger/contract.ts'
import type { Fields } from './columns.ts'
import type { Table } from './tables.ts'

/** A record as the catalogue's own act takes it; what such an act refuses, an import refuses. */
export interface RecordActs {
  /** The body of the act; `version` is the highest that is known, 0 for a new record. Refuses what the act's schema refuses. */
  readonly body: (fields: Fields, id: string, version: number, action: string) => Fields | Refusal
  readonly names: (body: Fields) => CatalogNames
  /** What would become of it. */
  readonly judge: (body: Fields, facts: CatalogFacts) => 'same' | 'changed' | Refusal
  /** Writes them together; answers of each the version that stands then. */
  readonly save: (catalog: Catalog, bodies: readonly Fields[], actor: string) => Promise<readonly (number | Refusal)[]>
}

export const actsOf = (table: Table): RecordActs => ACTS[table.is]

const actsWith = <Body>(
  kind: CatalogKind<Body, { readonly version: number }>,
  { schema, idField, save }: { readonly schema: Reader; readonly idField: 'id' | 'item'; readonly save: Save<Body> },
): RecordActs => ({
  body: (fields, id, version, action) => {
    const { [idField]: _, retired, ...rest } = fields
    const body = {
      ...rest,
      [idField]: id,
      action,
      ...(retired === true ? { retired } : {}),
      ...(version === 0 ? {} : { knownVersion: version }),
    }
    return judged(schema, body) ?? body
  },
  // The schema has judged it.
  names: (body) => kind.names(body as Body),
  judge: (body, facts) => {
    const answer = kind.judge(body as Body, facts)
    return isRefusal(answer) ? answer : 'already' in answer ? 'same' : 'changed'
  },
  save: async (catalog, bodies, actor) =>
    (await save(catalog, bodies as readonly Body[], actor)).map((answer) => (isRefusal(answer) ? answer : answer.version)),
})
type Save<Body> = (catalog: Catalog, bodies: readonly Body[], actor: string) => Promise<readonly ({ readonly version: number } | Refusal)[]>
type Reader = Pick<ReturnType<typeof Compile>, 'Check' | 'Errors'>

const judged = (schema: Reader, body: Fields): Refusal | null => {
  if (schema.Check(body)) return null
  const [first] = schema.Errors(body)
  if (!first) return malformed('/', { zh: '内容不对', en: 'is wrong' })
  return malformed(first.instancePath.slice(1) || '/', { zh: Locale.zh_Hans(first), en: Locale.en_US(first) })
}

const ACTS: Readonly<Record<Table['is'], RecordActs>> = {
  item: actsWith<HubBody<'createItem'>>(ITEMS, {
    schema: Compile(HUB_ROUTES.createItem.body),
    idField: 'item',
    save: (catalog, bodies, actor) => catalog.together.item(bodies, actor),
  }),
  party: actsWith<HubBody<'saveParty'>>(PARTIES, {
    schema: Compile(HUB_ROUTES.saveParty.body),
    idField: 'id',
    save: (catalog, bodies, actor) => catalog.together.party(bodies, actor),
  }),
  certificate: actsWith<HubBody<'saveCertificate'>>(CERTIFICATES, {
    schema: Compile(HUB_ROUTES.saveCertificate.body),
    idField: 'id',
    save: (catalog, bodies, actor) => catalog.together.certificate(bodies, actor),
  }),
}
