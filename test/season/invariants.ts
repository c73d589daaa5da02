import { parentsFirst, stretchesToSend } from '@lotkeeper/protocol/ledger/stream.ts'
import { STREAM_TO_ALL, streamOfNode, streamToNode } from '@lotkeeper/protocol/names.ts'
import type { HubRun } from './hub.ts'
import type { NodeRun } from './node.ts'

/** Everything that must hold when a season has healed; each breach is one sentence. */
export const invariantsOf = async (hub: HubRun, nodes: readonly NodeRun[]): Promise<readonly string[]> => {
  const broken: string[] = []
  const must = (holds: boolean, sentence: string) => {
    if (!holds) broken.push(sentence)
  }
  for (const finding of await hub.ledger().audit()) must(false, `hub audit: ${finding}`)
  const found = await hub.ledger().ask.discrepancies({ limit: 500 })
  // Nobody loses a tail, forks or is tampered with in a season; only the books may differ (more used than there was).
  for (const row of 'rows' in found ? found.rows : []) must(row.kind === 'units-unexplained', `discrepancy ${row.kind}: ${row.title.en}`)
  for (const node of nodes) {
    const ledger = node.ledger()
    const own = streamOfNode(node.node)
    const mine = ledger.exchange.tips([own])
    const theirs = await hub.ledger().tips([own])
    must(
      stretchesToSend(
        parentsFirst(mine),
        theirs.map((tip) => ({ ...tip })),
      ).length === 0,
      `${node.node}: the hub lacks entries`,
    )
    must(sum(mine) === sum(theirs), `${node.node}: ${sum(mine)} entries here, ${sum(theirs)} at the hub`)
    const told = await hub.ledger().tips([STREAM_TO_ALL, streamToNode(node.node)])
    must(sum(told) === sum(ledger.exchange.tips([STREAM_TO_ALL, streamToNode(node.node)])), `${node.node}: not every directive arrived`)
    must(ledger.rebuild().length === 0, `${node.node}: projections differ from a refold`)
    for (const action of missing(node)) must(false, `${node.node}: answered ${action} is gone`)
    const atHub = new Map((await stockAt(hub, node.node)).map((row) => [`${row.lot} ${row.place}`, row.units]))
    for (const row of ledger.read
      .positions()
      .filter((one) => one.place.startsWith(`${node.node}/`) && !one.place.includes('~') && one.units !== 0)) {
      must(row.units >= 0, `${node.node}: ${row.lot} at ${row.place} is ${row.units}`)
      must(
        atHub.get(`${row.lot} ${row.place}`) === row.units,
        `${node.node}: ${row.lot} at ${row.place}: ${row.units} here, ${atHub.get(`${row.lot} ${row.place}`) ?? 0} at the hub`,
      )
    }
  }
  return broken
}

const sum = (tips: readonly { readonly held: number }[]): number => tips.reduce((total, tip) => total + tip.held, 0)

const stockAt = async (hub: HubRun, site: string) => {
  const page = await hub.ledger().ask.stock({ site, limit: 500 })
  return 'rows' in page ? page.rows : []
}

/** Answered acts whose entry is no longer in the log. */
const missing = (node: NodeRun): readonly string[] => {
  const held = new Set<string>()
  let before: number | undefined
  for (;;) {
    const rows = node.ledger().read.movements({ limit: 500, ...(before === undefined ? {} : { before }) })
    for (const row of rows) held.add(row.entry.action)
    before = rows.at(-1)?.at
    if (rows.length < 500) break
  }
  return [...node.answered.keys()].filter((action) => !held.has(action))
}
