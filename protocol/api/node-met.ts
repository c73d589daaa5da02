import { Type } from 'typebox'
import { LOT, NAME_TEXT } from '../ledger/fields.ts'
import { ITEM_VIEW, text } from './views.ts'

const closed = { additionalProperties: false } as const
const STATE = Type.Enum(['waiting', 'confirmed', 'redirected', 'conflict'])

/** Items made, tags bound and lots written at a site before the county knew them, and what became of them: the answer of a route of `NODE_ROUTES`. */
export const MET_HERE = Type.Object(
  {
    rows: Type.Array(
      Type.Object(
        {
          item: text(64),
          /** As it was called here. */
          name: NAME_TEXT,
          /** `redirected`: the county says it is `now`, another item. `conflict`: it fits nothing the county knows, and a person looks into it. */
          state: STATE,
          now: ITEM_VIEW,
        },
        closed,
      ),
    ),
    tags: Type.Array(
      Type.Object(
        { epc: text(124), lotNumber: text(64), itemName: NAME_TEXT, state: Type.Enum(['waiting', 'confirmed', 'conflict']) },
        closed,
      ),
    ),
    lots: Type.Array(
      Type.Object(
        {
          lot: LOT,
          lotNumber: text(64),
          itemName: NAME_TEXT,
          state: STATE,
          /** Number of the lot of that item it is. */
          now: text(64),
        },
        closed,
      ),
    ),
  },
  closed,
)
