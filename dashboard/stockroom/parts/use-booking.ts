import type { Booked, NodeBody } from '@lotkeeper/protocol/api/node.ts'
import { useContext } from 'react'
import { type Act, useAct } from '../../parts/act.ts'
import { ShelfContext } from '../../parts/shelf.ts'
import { EVERYTHING } from '../events.ts'
import { useStockroom } from '../stockroom.ts'

type BookingRoute =
  | 'receive'
  | 'accept'
  | 'issue'
  | 'count'
  | 'transform'
  | 'ship'
  | 'scrap'
  | 'move'
  | 'reverse'
  | 'retag'
  | 'settle'
  | 'settleExpiry'
  | 'acknowledge'
  | 'maintain'

/** An act without its `action`, which is made when it is sent. */
type Asked<R extends BookingRoute> = Omit<NodeBody<R>, 'action'>

/** One booking at the node: sent once however often it is tapped, with a sound for how it went; what is shown is read anew after it. */
export const useBooking = <R extends BookingRoute>(route: R): Act<Asked<R>, Booked> => {
  const { node, sounds } = useStockroom()
  const shelf = useContext(ShelfContext)
  return useAct<Asked<R>, Booked>(async (action, asked) => {
    const answer = await node.ask(route, { body: { action, ...asked } as unknown as NodeBody<R> })
    if (answer.ok) sounds.ok()
    else sounds.unknown()
    // The node tells it too; where that line is blocked this is the only word.
    if (answer.ok) shelf.renew(...EVERYTHING.map((one) => `${one} `))
    return answer as Awaited<ReturnType<Act<Asked<R>, Booked>['send']>> & object
  })
}
