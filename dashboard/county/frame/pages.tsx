import type { HubRoute } from '@lotkeeper/protocol/api/hub.ts'
import { type ComponentType, lazy } from 'react'
import type { IconName } from '../../parts/icons.tsx'
import { BoardPage } from '../board/page.tsx'

/** Every page of the county, in the order of the menu. All but the first are fetched when first opened. */
export const PAGES = {
  board: { asks: 'overview', icon: 'board', group: 'see', tab: true, show: BoardPage },
  stock: {
    asks: 'stock',
    icon: 'stock',
    group: 'see',
    tab: true,
    show: lazy(async () => ({ default: (await import('../stock/page.tsx')).StockPage })),
  },
  expiring: {
    asks: 'stock',
    icon: 'expiring',
    group: 'see',
    tab: true,
    show: lazy(async () => ({ default: (await import('../expiring/page.tsx')).ExpiringPage })),
  },
  lot: {
    asks: 'lot',
    icon: 'journey',
    group: 'see',
    tab: false,
    show: lazy(async () => ({ default: (await import('../lot/page.tsx')).LotPage })),
  },
  movements: {
    asks: 'movements',
    icon: 'movements',
    group: 'see',
    tab: false,
    show: lazy(async () => ({ default: (await import('../movements/page.tsx')).MovementsPage })),
  },
  'as-of': {
    asks: 'stockAsOf',
    icon: 'calendar',
    group: 'see',
    tab: false,
    show: lazy(async () => ({ default: (await import('../as-of/page.tsx')).AsOfPage })),
  },
  despatches: {
    asks: 'documents',
    icon: 'truck',
    group: 'see',
    tab: false,
    show: lazy(async () => ({ default: (await import('../despatches/page.tsx')).DespatchesPage })),
  },
  counts: {
    asks: 'counts',
    icon: 'count',
    group: 'see',
    tab: false,
    show: lazy(async () => ({ default: (await import('../counts/page.tsx')).CountsPage })),
  },
  openings: {
    asks: 'openings',
    icon: 'in',
    group: 'see',
    tab: false,
    show: lazy(async () => ({ default: (await import('../openings/page.tsx')).OpeningsPage })),
  },
  discrepancies: {
    asks: 'discrepancies',
    icon: 'discrepancy',
    group: 'see',
    tab: true,
    show: lazy(async () => ({ default: (await import('../discrepancies/page.tsx')).DiscrepanciesPage })),
  },
  asides: {
    asks: 'asides',
    icon: 'aside',
    group: 'see',
    tab: false,
    show: lazy(async () => ({ default: (await import('../asides/page.tsx')).AsidesPage })),
  },
  desk: {
    asks: 'decideProvisional',
    icon: 'unknown',
    group: 'see',
    tab: false,
    show: lazy(async () => ({ default: (await import('../desk/page.tsx')).DeskPage })),
  },
  items: {
    asks: 'items',
    icon: 'item',
    group: 'catalog',
    tab: false,
    show: lazy(async () => ({ default: (await import('../items/page.tsx')).ItemsPage })),
  },
  parties: {
    asks: 'parties',
    icon: 'partner',
    group: 'catalog',
    tab: false,
    show: lazy(async () => ({ default: (await import('../parties/page.tsx')).PartiesPage })),
  },
  certificates: {
    asks: 'certificates',
    icon: 'permit',
    group: 'catalog',
    tab: false,
    show: lazy(async () => ({ default: (await import('../certificates/page.tsx')).CertificatesPage })),
  },
  permits: {
    asks: 'permits',
    icon: 'expiring',
    group: 'catalog',
    tab: false,
    show: lazy(async () => ({ default: (await import('../permits/page.tsx')).PermitsPage })),
  },
  places: {
    asks: 'portals',
    icon: 'door',
    group: 'catalog',
    tab: false,
    show: lazy(async () => ({ default: (await import('../places/page.tsx')).PlacesPage })),
  },
  'cost-centres': {
    asks: 'costCentres',
    icon: 'money',
    group: 'catalog',
    tab: false,
    show: lazy(async () => ({ default: (await import('../cost-centres/page.tsx')).CostCentresPage })),
  },
  imports: {
    asks: 'tableKinds',
    icon: 'upload',
    group: 'catalog',
    tab: false,
    show: lazy(async () => ({ default: (await import('../imports/page.tsx')).ImportsPage })),
  },
  reference: {
    asks: 'imports',
    icon: 'book',
    group: 'catalog',
    tab: false,
    show: lazy(async () => ({ default: (await import('../reference/page.tsx')).ReferencePage })),
  },
  labels: {
    asks: 'labelForms',
    icon: 'scan',
    group: 'do',
    tab: false,
    show: lazy(async () => ({ default: (await import('../labels/page.tsx')).LabelsPage })),
  },
  tags: {
    asks: 'tags',
    icon: 'tag',
    group: 'do',
    tab: false,
    show: lazy(async () => ({ default: (await import('../tags/page.tsx')).TagsPage })),
  },
  nodes: {
    asks: 'nodes',
    icon: 'node',
    group: 'do',
    tab: false,
    show: lazy(async () => ({ default: (await import('../nodes/page.tsx')).NodesPage })),
  },
  webhooks: {
    asks: 'webhooks',
    icon: 'send',
    group: 'do',
    tab: false,
    show: lazy(async () => ({ default: (await import('../webhooks/page.tsx')).WebhooksPage })),
  },
  audit: {
    asks: 'audit',
    icon: 'proof',
    group: 'do',
    tab: false,
    show: lazy(async () => ({ default: (await import('../audit/page.tsx')).AuditPage })),
  },
  'node-certificates': {
    asks: 'nodeCertificates',
    icon: 'key',
    group: 'do',
    tab: false,
    show: lazy(async () => ({ default: (await import('../node-certificates/page.tsx')).NodeCertificatesPage })),
  },
  users: {
    asks: 'users',
    icon: 'person',
    group: 'people',
    tab: false,
    show: lazy(async () => ({ default: (await import('../users/page.tsx')).UsersPage })),
  },
  sessions: {
    asks: 'sessions',
    icon: 'clock',
    group: 'people',
    tab: false,
    show: lazy(async () => ({ default: (await import('../sessions/page.tsx')).SessionsPage })),
  },
  machines: {
    asks: 'machines',
    icon: 'key',
    group: 'people',
    tab: false,
    show: lazy(async () => ({ default: (await import('../machines/page.tsx')).MachinesPage })),
  },
} as const satisfies Record<string, PageLine>
export type PageName = keyof typeof PAGES

interface PageLine {
  readonly icon: IconName
  /** What it is for: whoever may not ask that is not shown the page. */
  readonly asks: HubRoute
  /** What a person looks at, what is known of things and companies, what a person sets up, or who may come in. */
  readonly group: 'see' | 'catalog' | 'do' | 'people'
  /** Whether it has a place in the bar at the foot of a phone. */
  readonly tab: boolean
  readonly show: ComponentType
}

/** The page an address names; `null`: it names none. */
export const pageNamed = (name: string): PageName | null => (Object.hasOwn(PAGES, name) ? (name as PageName) : null)
