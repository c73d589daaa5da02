import { type HubClient, type NodeClient, newAction, type Refused } from '@lotkeeper/deploy/county/client.ts'
import type { Box, County } from '@lotkeeper/deploy/county/county.ts'
import type { Township } from '@lotkeeper/deploy/county/township.ts'
import { boxEpc, boxGtin, dateAfter } from '@lotkeeper/deploy/demo/stock.ts'
import type { WalkKind } from '@lotkeeper/deploy/simulators/field-walks.ts'
import type { NodeAnswer, NodeBody } from '@lotkeeper/protocol/api/node.ts'
import type { StockRow } from '@lotkeeper/protocol/api/views.ts'
import { todayIn } from '@lotkeeper/protocol/rules/expiry.ts'
import { until } from './county.ts'

/** A box of one of the demo's items with a tag that no other box of this file has. */
export const newBox = (item: string, lotNumber: string, expiry: string): Box => {
  serial += 1
  return { epc: boxEpc(boxGtin(item), serial), item, lotNumber, expiry }
}
let serial = 1_000

/** The calendar date at the demo's sites so many days from now. */
export const inDays = (days: number): string => dateAfter(todayIn('Asia/Shanghai', Date.now()), days)

/** Boxes are announced to a site, and its node has heard of them. */
export const announce = async (county: County, node: string, boxes: readonly Box[], doc: string | null = null): Promise<void> => {
  await county.announce(node, boxes, doc)
  const client = await county.township(node).client()
  for (const { epc } of boxes)
    await until(
      `${node} to know the tag ${epc}`,
      () => client.get('scan', { action: newAction(), text: epc }),
      ({ lot }) => lot !== null,
    )
}

/**
 * Somebody walks with these boxes, a little faster with one or two, once the readers read; settles when the walk is over, which is before the
 * door has decided.
 */
export const carry = async (town: Township, way: WalkKind, boxes: readonly Pick<Box, 'epc'>[]): Promise<void> => {
  await untilReading(town)
  await town.doorway.walk(
    way,
    boxes.map(({ epc }) => epc),
    boxes.length > 2 ? CART_MPS : BRISK_MPS,
  )
}
const BRISK_MPS = 1.3
/** The readers share their time among the boxes of a cart, so each is read less often. */
const CART_MPS = 1

/** Every reader of a site reads: who walks through a door whose readers are still being set up is not seen, or by one side alone. */
export const untilReading = async (town: Township): Promise<void> => {
  const client = await town.client()
  await until(
    `the readers of ${town.node} to read`,
    async () => (await client.get('devices')).rows.filter(({ kind }) => kind === 'reader').map(({ state }) => state),
    (states) => states.length > 0 && states.every((state) => state === 'reading'),
  )
}

/** What stands where at one site: `{ 'main/pending gauze-10x10/B1': 100 }`. */
export type Standing = Readonly<Record<string, number>>
export const standingAtNode = async (client: NodeClient): Promise<Standing> => standingOf((await client.get('stock', { limit: 500 })).rows)
export const standingAtHub = async (client: HubClient, site: string): Promise<Standing> =>
  standingOf((await client.get('stock', { site, limit: 500 })).rows)

const standingOf = (rows: readonly StockRow[]): Standing =>
  Object.fromEntries(rows.map(({ place, lot, units }) => [`${place.slice(place.indexOf('/') + 1)} ${lot}`, units]).toSorted())

const textOf = (standing: Standing): string => JSON.stringify(Object.fromEntries(Object.entries(standing).toSorted()))

/** Waits until a node says that this, and nothing else, stands at its site. Who takes it back by the bar has ten seconds: he does not wait for the county. */
export const untilStandsAtNode = async (town: Pick<Township, 'node' | 'client'>, standing: Standing): Promise<void> => {
  const wanted = textOf(standing)
  const client = await town.client()
  await until(
    `${town.node} to have ${wanted}`,
    () => standingAtNode(client),
    (seen) => textOf(seen) === wanted,
    { everyMs: 50 },
  )
}

/** Waits until a node and the hub both say that this, and nothing else, stands at the node's site. */
export const untilStands = async (county: County, node: string, standing: Standing): Promise<void> => {
  await untilStandsAtNode(county.township(node), standing)
  const wanted = textOf(standing)
  const atHub = await county.hubClient()
  await until(
    `the hub to have ${wanted} of ${node}`,
    () => standingAtHub(atHub, node),
    (seen) => textOf(seen) === wanted,
  )
}

type BookingRoute =
  | ('receive' | 'accept' | 'issue' | 'reverse' | 'settle' | 'acknowledge')
  | ('count' | 'transform' | 'ship' | 'scrap' | 'move')
/** A keeper books something, with an action of its own unless the body brings one; a refusal is an answer. */
export const book = <Route extends BookingRoute>(
  client: NodeClient,
  route: Route,
  body: Omit<NodeBody<Route>, 'action'> & { readonly action?: string },
): Promise<NodeAnswer<Route> | Refused> => client.ask(route, { action: newAction(), ...body } as never)
