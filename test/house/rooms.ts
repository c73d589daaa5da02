/**
 * The houses, and which a house may import.
 *
 *   dashboard --> protocol <-- edge        hub --> protocol
 *   test --> deploy --> edge, hub, dashboard, protocol
 */
export const HOUSES: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  edge: ['protocol'],
  hub: ['protocol'],
  dashboard: ['protocol'],
  deploy: ['protocol', 'edge', 'hub', 'dashboard'],
  test: ['protocol', 'edge', 'hub', 'dashboard', 'deploy'],
}

/**
 * The rooms of a house as floors: a room imports from its own room and from the floors above it in this list, never from beside or below.
 * What is a file today and a folder tomorrow keeps its name. A room that is not here has no place yet: give it one.
 * A part of a room may stand on a floor of its own where the room's contract is above what its builder uses.
 */
export const FLOORS: Readonly<Record<string, readonly string[]>> = {
  edge: [
    'serial/port',
    'parts faults',
    'crypto database log',
    'serial',
    'readers',
    'portal',
    'ledger',
    'stockroom devices uplink join',
    'alarms access',
    'page replay',
    'settings',
    'settings-kept',
    'flow',
    'main',
  ],
  hub: [
    'parts faults',
    'crypto database log outgoing',
    'ledger/discrepancies ledger/sqlite/schema',
    'ledger/contract',
    'projections',
    'ledger',
    'broker/broker',
    'broker ingest',
    'access catalog asking labels reference',
    'enrol rekey imports people webhooks',
    'persons audit',
    'api live',
    'settings',
    'flow',
    'main',
  ],
  dashboard: ['parts', 'county stockroom', 'main'],
}

/** Rooms that only decide: no Node, no clock, no chance, nothing foreign, whatever floor they are on. */
export const PURE_ROOMS = ['protocol', 'edge/portal']
