import type { HubBody } from '@lotkeeper/protocol/api/hub.ts'
import type { CostCentreView, PortalView } from '@lotkeeper/protocol/api/hub-catalog.ts'
import { malformed } from '@lotkeeper/protocol/refusals.ts'
import { recordView } from '../projections/questions/records.ts'
import { judgeRoom, recordKind } from './record-kind.ts'

/** Doorways and the rooms they join. */
export const PORTALS = recordKind<'portal', HubBody<'savePortal'>, PortalView>({
  is: 'portal',
  idOf: ({ id }) => id,
  fieldsOf: ({ site, name, inside, outside }) => ({ site, name, inside, outside }),
  names: ({ site }) => ({ sites: [site] }),
  judge: ({ site, inside, outside }, facts) => {
    if (inside === outside) return malformed('outside', { zh: '与门内是同一库房', en: 'is the room inside' })
    return judgeRoom(facts, site, inside) ?? judgeRoom(facts, site, outside)
  },
  view: recordView,
})

/** Who pays for what is used; a room is one of a site. */
export const COST_CENTRES = recordKind<'cost-centre', HubBody<'saveCostCentre'>, CostCentreView>({
  is: 'cost-centre',
  idOf: ({ id }) => id,
  fieldsOf: ({ name, site, room }) => ({ name, ...(site === undefined ? {} : { site }), ...(room === undefined ? {} : { room }) }),
  names: ({ site }) => (site === undefined ? {} : { sites: [site] }),
  judge: ({ site, room }, facts) => {
    if (room !== undefined && site === undefined)
      return malformed('site', { zh: '填了库房就要填站点', en: 'is missing: a room is of a site' })
    return judgeRoom(facts, site, room)
  },
  view: recordView,
})
