import type { HUB_ROUTES, HubRoute } from '@lotkeeper/protocol/api/hub.ts'
import type { LIVE_PATH } from '@lotkeeper/protocol/api/live.ts'
import type { NODE_EVENTS_PATH, NODE_ROUTES, NodeRoute } from '@lotkeeper/protocol/api/node.ts'

/**
 * Method and path of every route, checked by the compiler against the tables of the protocol (B-003): the tables themselves carry schemas
 * and a schema compiler that a page neither needs nor, under its content policy, may run.
 */
export const HUB_PATHS = {
  signIn: { method: 'POST', path: '/api/session' },
  session: { method: 'GET', path: '/api/session' },
  signOut: { method: 'DELETE', path: '/api/session' },
  health: { method: 'GET', path: '/api/health' },
  overview: { method: 'GET', path: '/api/overview' },
  stock: { method: 'GET', path: '/api/stock' },
  stockAsOf: { method: 'GET', path: '/api/stock/as-of' },
  movements: { method: 'GET', path: '/api/movements' },
  genealogy: { method: 'GET', path: '/api/genealogy' },
  tag: { method: 'GET', path: '/api/tag' },
  counts: { method: 'GET', path: '/api/counts' },
  documents: { method: 'GET', path: '/api/documents' },
  askNode: { method: 'POST', path: '/api/asks' },
  passOwnership: { method: 'POST', path: '/api/ownership' },
  revokeKeys: { method: 'POST', path: '/api/certificates/revocations' },
  rotateHubKey: { method: 'POST', path: '/api/hub/key' },
  checkpoint: { method: 'GET', path: '/api/checkpoint' },
  inclusion: { method: 'GET', path: '/api/checkpoint/inclusion' },
  asides: { method: 'GET', path: '/api/asides' },
  aside: { method: 'GET', path: '/api/aside' },
  decideAside: { method: 'POST', path: '/api/asides/decisions' },
  lot: { method: 'GET', path: '/api/lot' },
  nodes: { method: 'GET', path: '/api/nodes' },
  sites: { method: 'GET', path: '/api/sites' },
  createSite: { method: 'POST', path: '/api/sites' },
  items: { method: 'GET', path: '/api/items' },
  createItem: { method: 'POST', path: '/api/items' },
  item: { method: 'GET', path: '/api/item' },
  parties: { method: 'GET', path: '/api/parties' },
  party: { method: 'GET', path: '/api/party' },
  saveParty: { method: 'POST', path: '/api/parties' },
  certificates: { method: 'GET', path: '/api/device-certificates' },
  certificate: { method: 'GET', path: '/api/device-certificate' },
  saveCertificate: { method: 'POST', path: '/api/device-certificates' },
  saveFile: { method: 'POST', path: '/api/files' },
  file: { method: 'GET', path: '/api/file' },
  portals: { method: 'GET', path: '/api/portals' },
  portal: { method: 'GET', path: '/api/portal' },
  savePortal: { method: 'POST', path: '/api/portals' },
  costCentres: { method: 'GET', path: '/api/cost-centres' },
  costCentre: { method: 'GET', path: '/api/cost-centre' },
  saveCostCentre: { method: 'POST', path: '/api/cost-centres' },
  mergeRecords: { method: 'POST', path: '/api/merges' },
  permits: { method: 'GET', path: '/api/permits' },
  tags: { method: 'GET', path: '/api/tags' },
  registerTags: { method: 'POST', path: '/api/tags' },
  discrepancies: { method: 'GET', path: '/api/discrepancies' },
  createEnrolment: { method: 'POST', path: '/api/enrolments' },
  enrol: { method: 'POST', path: '/api/enrol' },
} as const satisfies { readonly [R in HubRoute]: Row<(typeof HUB_ROUTES)[R]> }

export const NODE_PATHS = {
  signIn: { method: 'POST', path: '/api/session' },
  session: { method: 'GET', path: '/api/session' },
  signOut: { method: 'DELETE', path: '/api/session' },
  health: { method: 'GET', path: '/api/health' },
  state: { method: 'GET', path: '/api/state' },
  stock: { method: 'GET', path: '/api/stock' },
  items: { method: 'GET', path: '/api/items' },
  movements: { method: 'GET', path: '/api/movements' },
  scan: { method: 'POST', path: '/api/scan' },
  scans: { method: 'GET', path: '/api/scans' },
  receive: { method: 'POST', path: '/api/receive' },
  accept: { method: 'POST', path: '/api/accept' },
  issue: { method: 'POST', path: '/api/issue' },
  count: { method: 'POST', path: '/api/count' },
  transform: { method: 'POST', path: '/api/transform' },
  ship: { method: 'POST', path: '/api/ship' },
  scrap: { method: 'POST', path: '/api/scrap' },
  move: { method: 'POST', path: '/api/move' },
  expected: { method: 'GET', path: '/api/expected' },
  sites: { method: 'GET', path: '/api/sites' },
  reverse: { method: 'POST', path: '/api/reverse' },
  tasks: { method: 'GET', path: '/api/tasks' },
  settle: { method: 'POST', path: '/api/settle' },
  alarms: { method: 'GET', path: '/api/alarms' },
  acknowledge: { method: 'POST', path: '/api/alarms' },
  devices: { method: 'GET', path: '/api/devices' },
} as const satisfies { readonly [R in NodeRoute]: Row<(typeof NODE_ROUTES)[R]> }

export const LIVE_AT: typeof LIVE_PATH = '/api/live'
export const EVENTS_AT: typeof NODE_EVENTS_PATH = '/api/events'

type Row<R extends { readonly method: string; readonly path: string }> = Readonly<Pick<R, 'method' | 'path'>>
