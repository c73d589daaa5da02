import { type ComponentType, lazy } from 'react'
import type { IconName } from '../../parts/icons.tsx'
import { BoardPage } from '../board/page.tsx'

/** Every page of the county, in the order of the menu. All but the first are fetched when first opened. */
export const PAGES = {
  board: { icon: 'board', group: 'see', tab: true, show: BoardPage },
  stock: { icon: 'stock', group: 'see', tab: true, show: lazy(async () => ({ default: (await import('../stock/page.tsx')).StockPage })) },
  expiring: {
    icon: 'expiring',
    group: 'see',
    tab: true,
    show: lazy(async () => ({ default: (await import('../expiring/page.tsx')).ExpiringPage })),
  },
  lot: { icon: 'journey', group: 'see', tab: false, show: lazy(async () => ({ default: (await import('../lot/page.tsx')).LotPage })) },
  movements: {
    icon: 'movements',
    group: 'see',
    tab: false,
    show: lazy(async () => ({ default: (await import('../movements/page.tsx')).MovementsPage })),
  },
  'as-of': {
    icon: 'calendar',
    group: 'see',
    tab: false,
    show: lazy(async () => ({ default: (await import('../as-of/page.tsx')).AsOfPage })),
  },
  despatches: {
    icon: 'truck',
    group: 'see',
    tab: false,
    show: lazy(async () => ({ default: (await import('../despatches/page.tsx')).DespatchesPage })),
  },
  counts: {
    icon: 'count',
    group: 'see',
    tab: false,
    show: lazy(async () => ({ default: (await import('../counts/page.tsx')).CountsPage })),
  },
  openings: {
    icon: 'in',
    group: 'see',
    tab: false,
    show: lazy(async () => ({ default: (await import('../openings/page.tsx')).OpeningsPage })),
  },
  discrepancies: {
    icon: 'discrepancy',
    group: 'see',
    tab: true,
    show: lazy(async () => ({ default: (await import('../discrepancies/page.tsx')).DiscrepanciesPage })),
  },
  asides: {
    icon: 'aside',
    group: 'see',
    tab: false,
    show: lazy(async () => ({ default: (await import('../asides/page.tsx')).AsidesPage })),
  },
  desk: {
    icon: 'unknown',
    group: 'see',
    tab: false,
    show: lazy(async () => ({ default: (await import('../desk/page.tsx')).DeskPage })),
  },
  items: {
    icon: 'item',
    group: 'catalog',
    tab: false,
    show: lazy(async () => ({ default: (await import('../items/page.tsx')).ItemsPage })),
  },
  parties: {
    icon: 'partner',
    group: 'catalog',
    tab: false,
    show: lazy(async () => ({ default: (await import('../parties/page.tsx')).PartiesPage })),
  },
  certificates: {
    icon: 'permit',
    group: 'catalog',
    tab: false,
    show: lazy(async () => ({ default: (await import('../certificates/page.tsx')).CertificatesPage })),
  },
  permits: {
    icon: 'expiring',
    group: 'catalog',
    tab: false,
    show: lazy(async () => ({ default: (await import('../permits/page.tsx')).PermitsPage })),
  },
  places: {
    icon: 'door',
    group: 'catalog',
    tab: false,
    show: lazy(async () => ({ default: (await import('../places/page.tsx')).PlacesPage })),
  },
  'cost-centres': {
    icon: 'money',
    group: 'catalog',
    tab: false,
    show: lazy(async () => ({ default: (await import('../cost-centres/page.tsx')).CostCentresPage })),
  },
  imports: {
    icon: 'upload',
    group: 'catalog',
    tab: false,
    show: lazy(async () => ({ default: (await import('../imports/page.tsx')).ImportsPage })),
  },
  reference: {
    icon: 'book',
    group: 'catalog',
    tab: false,
    show: lazy(async () => ({ default: (await import('../reference/page.tsx')).ReferencePage })),
  },
  labels: {
    icon: 'scan',
    group: 'do',
    tab: false,
    show: lazy(async () => ({ default: (await import('../labels/page.tsx')).LabelsPage })),
  },
  tags: {
    icon: 'tag',
    group: 'do',
    tab: false,
    show: lazy(async () => ({ default: (await import('../tags/page.tsx')).TagsPage })),
  },
  nodes: {
    icon: 'node',
    group: 'do',
    tab: false,
    show: lazy(async () => ({ default: (await import('../nodes/page.tsx')).NodesPage })),
  },
} as const satisfies Record<string, PageLine>
export type PageName = keyof typeof PAGES

interface PageLine {
  readonly icon: IconName
  /** What a person looks at, what is known of things and people, or what a person sets up. */
  readonly group: 'see' | 'catalog' | 'do'
  /** Whether it has a place in the bar at the foot of a phone. */
  readonly tab: boolean
  readonly show: ComponentType
}

/** The page an address names; an unknown one is the board. */
export const pageNamed = (name: string): PageName => (Object.hasOwn(PAGES, name) ? (name as PageName) : 'board')
