import type { Hub } from '../hub.ts'
import type { Poll } from './store.ts'

/** Asks the hub what the socket would have told: the overview, the newest movements, the discrepancies. */
export const pollHub = async (hub: Hub): Promise<Poll | null> => {
  const [overview, movements, discrepancies] = await Promise.all([
    hub.ask('overview'),
    hub.ask('movements', { query: { limit: POLLED_ROWS } }),
    hub.ask('discrepancies', { query: { limit: POLLED_ROWS } }),
  ])
  if (!overview.ok) return null
  return {
    sites: overview.value.sites,
    openDiscrepancies: overview.value.discrepancies,
    movements: movements.ok ? movements.value.rows : [],
    discrepancies: discrepancies.ok ? discrepancies.value.rows : [],
  }
}

const POLLED_ROWS = 50
