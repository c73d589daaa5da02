import type { HubAnswer } from '@lotkeeper/protocol/api/hub.ts'
import type { TableKind, TableKindView } from '@lotkeeper/protocol/api/hub-imports.ts'
import type { Column } from './columns.ts'
import { OPENING_COLUMNS } from './opening-table.ts'
import { TABLES } from './tables.ts'

/** The kinds of tables that come in, in words, with their columns. */
export const tableKinds = (): Pick<HubAnswer<'tableKinds'>, 'rows'> => ({
  rows: (Object.keys(KIND_WORDS) as TableKind[]).map((kind) => ({
    kind,
    ...KIND_WORDS[kind],
    columns: columnsOf(kind).map(({ key, zh, en, required = false }) => ({ column: key, name: { zh, en }, required })),
  })),
})

/** The columns of a kind of table. */
export const columnsOf = (kind: TableKind): readonly Column[] => (kind === 'openings' ? OPENING_COLUMNS : TABLES[kind].columns)

/** In the order in which an empty county brings them in: a certificate names its holder, an item names both. */
const KIND_WORDS: Readonly<Record<TableKind, Pick<TableKindView, 'name' | 'hint'>>> = {
  parties: {
    name: { zh: '企业', en: 'Parties' },
    hint: { zh: '供应商、厂家、配送商和他们的证照', en: 'Suppliers, makers and carriers with their licences' },
  },
  certificates: {
    name: { zh: '注册证', en: 'Certificates' },
    hint: { zh: '注册证和备案凭证，持有人和有效期', en: 'Device certificates with holder and validity' },
  },
  items: {
    name: { zh: '品种', en: 'Items' },
    hint: { zh: '名称、型号规格、包装与条码、注册证', en: 'Names, models, packs and codes, certificates' },
  },
  openings: {
    name: { zh: '期初库存', en: 'Opening balances' },
    hint: {
      zh: '旧系统盘点的结存，逐批号下发给站点，由站点接收入账',
      en: 'What an old system counted, told to its sites lot by lot; each site takes it over',
    },
  },
}
