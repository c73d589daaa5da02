import type { HubAnswer } from '@lotkeeper/protocol/api/hub.ts'
import type { ExportKind, TableKind } from '@lotkeeper/protocol/api/hub-imports.ts'
import type { HubQuestions } from '../ledger/contract.ts'
import { type Words, wordFor, yesCell } from './cells.ts'
import type { Column } from './columns.ts'
import { allOf } from './look.ts'

/** A table that only goes out: its kind of thing is made at a page or by an act, not row by row. */
export interface OutgoingTable {
  readonly name: { readonly zh: string; readonly en: string }
  readonly columns: readonly Column[]
  readonly rows: (ask: HubQuestions) => Promise<readonly Readonly<Record<string, string>>[]>
}
export type OutgoingKind = Exclude<ExportKind, TableKind>

const ID: Column = { key: 'id', zh: '编号', en: 'Id' }
const NAME: readonly Column[] = [
  { key: 'name-zh', zh: '名称', en: 'Name' },
  { key: 'name-en', zh: '英文名称', en: 'Name (en)' },
]
const SITE: Column = { key: 'site', zh: '站点', en: 'Site' }
const ROOM: Column = { key: 'room', zh: '库房', en: 'Room' }
const RULING: readonly Column[] = [
  { key: 'from', zh: '生效日期', en: 'From' },
  { key: 'retired', zh: '停用', en: 'Retired' },
]
const USES: Words = { store: ['库房'], department: ['科室'] }
const TAG_STATES: Words = { live: ['在用'], replaced: ['已换标'], retired: ['已注销'] }

export const OUTGOING: Readonly<Record<OutgoingKind, OutgoingTable>> = {
  places: {
    name: { zh: '站点与库房', en: 'Sites and rooms' },
    columns: [
      SITE,
      { key: 'site-zh', zh: '站点名称', en: 'Site name' },
      { key: 'site-en', zh: '站点英文名称', en: 'Site name (en)' },
      { key: 'zone', zh: '时区', en: 'Time zone' },
      ROOM,
      ...NAME,
      { key: 'use', zh: '用途', en: 'Use' },
    ],
    rows: async (ask) =>
      (await ask.sites()).rows.flatMap(({ site, name, zone, rooms }) => {
        const about = { site, 'site-zh': name.zh, 'site-en': name.en, zone }
        // A site without rooms is still a site.
        return rooms.length === 0
          ? [about]
          : rooms.map((one) => ({ ...about, room: one.room, ...named(one.name), use: wordFor(USES, one.use) }))
      }),
  },
  portals: {
    name: { zh: '门禁通道', en: 'Doorways' },
    columns: [ID, ...NAME, SITE, { key: 'inside', zh: '门内', en: 'Inside' }, { key: 'outside', zh: '门外', en: 'Outside' }, ...RULING],
    rows: async (ask) =>
      (await allOf((page) => ask.portals(page))).map(({ id, name, site, inside, outside, ...rest }) => ({
        ...{ id, ...named(name), site, inside, outside: outside ?? '', ...ruling(rest) },
      })),
  },
  'cost-centres': {
    name: { zh: '成本中心', en: 'Cost centres' },
    columns: [ID, ...NAME, SITE, ROOM, ...RULING],
    rows: async (ask) =>
      (await allOf((page) => ask.costCentres(page))).map(({ id, name, site, room, ...rest }) => ({
        ...{ id, ...named(name), site: site ?? '', room: room ?? '', ...ruling(rest) },
      })),
  },
  tags: {
    name: { zh: '电子标签', en: 'Tags' },
    columns: [
      { key: 'epc', zh: 'EPC', en: 'EPC' },
      { key: 'item', zh: '品种编号', en: 'Item id' },
      { key: 'lot', zh: '批号', en: 'Lot' },
      { key: 'expiry', zh: '有效期至', en: 'Expiry' },
      { key: 'pack', zh: '包装', en: 'Pack' },
      { key: 'units', zh: '基本单位数', en: 'Units' },
      SITE,
      { key: 'registered', zh: '登记时间', en: 'Registered' },
      { key: 'document', zh: '单据号', en: 'Document' },
      { key: 'state', zh: '状态', en: 'State' },
      { key: 'next', zh: '换成', en: 'Replaced by' },
    ],
    rows: async (ask) =>
      (await allOf((page) => ask.tags(page))).map(
        ({ epc, item, lotNumber, expiry, pack, units, site, registeredAt, doc, state, next }) => ({
          ...{ epc, item, lot: lotNumber, expiry: expiry ?? '', pack, units: String(units), site, registered: registeredAt },
          ...{ document: doc ?? '', state: wordFor(TAG_STATES, state), next: next ?? '' },
        }),
      ),
  },
}

/** Their kinds in words. */
export const outgoingKinds = (): HubAnswer<'tableKinds'>['out'] =>
  (Object.keys(OUTGOING) as OutgoingKind[]).map((kind) => ({ kind, name: { ...OUTGOING[kind].name } }))

const named = ({ zh, en }: { readonly zh: string; readonly en: string }) => ({ 'name-zh': zh, 'name-en': en })
const ruling = ({ from, retired }: { readonly from?: string; readonly retired?: boolean }) => ({
  ...{ from: from ?? '', retired: retired ? yesCell(true) : '' },
})
