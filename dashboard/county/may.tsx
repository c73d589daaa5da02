import type { HubRoute } from '@lotkeeper/protocol/api/hub.ts'
import { ROUTE_RIGHTS, type RouteRight } from '@lotkeeper/protocol/api/hub-rights.ts'
import type { ReactNode } from 'react'
import { useCounty } from './county.ts'
import type { Session } from './session.ts'

/** What the sign-in may do, as the hub told it. */
export type Rights = Session['rights']

/** Whether somebody may ask a route at all, by the table the hub itself goes by: what is not shown here would be refused there. */
export const may = (rights: Rights, route: HubRoute): boolean => {
  const { right, site }: RouteRight = ROUTE_RIGHTS[route]
  if (right === 'anyone' || right === 'self') return true
  const scope = rights[right]
  return scope !== undefined && (site !== 'county' || scope === 'all')
}

/** As `may`, of whoever is signed in. */
export const useMay = (): ((route: HubRoute) => boolean) => {
  const { session } = useCounty()
  return (route) => may(session.rights, route)
}

/** What stands in it is shown to whoever may ask that route: the button of a write, say. */
export const Allowed = ({ route, children }: { readonly route: HubRoute; readonly children: ReactNode }) =>
  useMay()(route) ? children : null
