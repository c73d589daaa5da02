import type { Delta, Snapshot } from '@lotkeeper/protocol/api/live.ts'
import type { DiscrepancyView, MovementRow, SiteSummary, StockRow } from '@lotkeeper/protocol/api/views.ts'

/** Rows for tests of the live view: whole, valid, and changed where a test says so. */
export const EPOCH = '00112233445566aa'
const AT = '2026-11-22T03:00:00.000Z'

export const site = (id: string, change: Partial<SiteSummary> = {}): SiteSummary => ({
  site: id,
  name: { zh: id, en: id },
  node: {
    node: id,
    name: { zh: id, en: id },
    state: 'online',
    since: AT,
    lastHeardAt: AT,
    stream: `${id}>*`,
    epoch: EPOCH,
    held: 1,
    waiting: 0,
    software: '0.1.0',
    clockSkewMs: 0,
    devices: [],
    discrepancies: 0,
    digest: null,
    witnessed: null,
    passedTo: null,
  },
  items: 1,
  lots: 1,
  units: 100,
  inTransit: 0,
  expired: 0,
  near: 0,
  lastMovementAt: AT,
  ...change,
})

export const movement = (seq: number, change: Partial<MovementRow> = {}): MovementRow => ({
  entry: `qinglong>*/${EPOCH}/${seq}`,
  line: 0,
  kind: 'issue',
  site: 'qinglong',
  item: 'gauze',
  itemName: { zh: '纱布', en: 'Gauze' },
  unit: { zh: '片', en: 'piece' },
  lot: 'gauze/B1',
  lotNumber: 'B1',
  from: 'qinglong/main/available',
  to: 'qinglong/~consumed',
  units: 2,
  occurredAt: `2026-11-22T03:00:${String(seq % 60).padStart(2, '0')}.000Z`,
  receivedAt: `2026-11-22T03:00:${String(seq % 60).padStart(2, '0')}.500Z`,
  datedAt: null,
  level: 'booked',
  actor: null,
  device: null,
  doc: null,
  tags: [],
  reverses: null,
  reversedBy: null,
  evidence: { by: 'scan', certainty: null },
  override: null,
  ...change,
})

export const stock = (place: string, lot: string, units: number, change: Partial<StockRow> = {}): StockRow => ({
  site: place.split('/')[0] ?? '',
  place,
  item: lot.split('/')[0] ?? '',
  itemName: { zh: '纱布', en: 'Gauze' },
  unit: { zh: '片', en: 'piece' },
  lot,
  lotNumber: lot.split('/')[1] ?? '',
  expiry: '2027-01-31',
  daysLeft: 70,
  expiryState: 'near',
  units,
  ...change,
})

export const discrepancy = (id: string, change: Partial<DiscrepancyView> = {}): DiscrepancyView => ({
  discrepancy: id,
  kind: 'room-negative',
  severity: 2,
  site: 'qinglong',
  subject: 'gauze/B1',
  title: { zh: '账面为负', en: 'Below zero' },
  entry: null,
  openedAt: AT,
  closedAt: null,
  ...change,
})

export const snapshot = (seq: number, change: Partial<Snapshot> = {}): Snapshot => ({
  cursor: { epoch: EPOCH, seq },
  at: AT,
  sites: [site('qinglong')],
  movements: [],
  discrepancies: [],
  openDiscrepancies: 0,
  ...change,
})

/** The delta from one cursor to the next. */
export const delta = (after: number, change: Partial<Delta> = {}): Delta => ({
  after: { epoch: EPOCH, seq: after },
  cursor: { epoch: EPOCH, seq: after + 1 },
  at: AT,
  sites: [],
  stock: [],
  movements: [],
  discrepancies: [],
  openDiscrepancies: 0,
  ...change,
})
