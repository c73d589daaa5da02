import type { Hub } from '../hub.ts'
import type { Poll } from './store.ts'

/** Asks the hub what the socket would have told: the overview, and with `whole` the newest movements and open discrepancies too. */
export const pollHub = async (hub: Hub, whole: boolean): Promise<Poll | null> => {
  const [overview, movements, discrepancies] = await Promise.all([
    hub.ask('overview'),
    whole ? hub.ask('movements', { query: { limit: POLLED_ROWS } }) : null,
    whole ? hub.ask('discrepancies', { query: { limit: POLLED_ROWS } }) : null,
  ])
  if (!overview.ok) return null
  return {
    cursor: overview.value.cursor,
    sites: overview.value.sites,
    openDiscrepancies: overview.value.discrepancies,
    movements: movements?.ok ? movements.value.rows : [],
    discrepancies: discrepancies?.ok ? discrepancies.value.rows : [],
  }
}

const POLLED_ROWS = 50
