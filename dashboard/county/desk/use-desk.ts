import type { HubAnswer, HubBody } from '@lotkeeper/protocol/api/hub.ts'
import { useContext, useEffect } from 'react'
import { type Act, useAct } from '../../parts/act.ts'
import { type Kept, ShelfContext } from '../../parts/shelf.ts'
import { useCounty, useHub } from '../county.ts'

/** How many stand how, of a site and a kind; and how many wait in all. Asked again while anybody looks: nodes come back at any time. */
export const useDeskCounts = (narrowed: Narrowed = {}): Kept<HubAnswer<'provisionals'>> => {
  const shelf = useContext(ShelfContext)
  useEffect(() => {
    const timer = setInterval(() => shelf.renew(COUNTS), AGAIN_MS)
    return () => clearInterval(timer)
  }, [shelf])
  return useHub('provisionals', { limit: 1, ...narrowed })
}

export interface Narrowed {
  readonly site?: string
  readonly kind?: 'item' | 'tag' | 'lot'
}

/** Answers what a node met, and asks again for whatever follows from it. */
export const useDecide = (): Act<Decision, HubAnswer<'decideProvisional'>> => {
  const { hub } = useCounty()
  const renew = useRenewed()
  return useAct(async (action, asked: Decision) => {
    const answer = await hub.ask('decideProvisional', { body: { action, ...asked } })
    if (answer.ok) renew()
    return answer
  })
}
export type Decision = Omit<HubBody<'decideProvisional'>, 'action'>

/** Takes back that an item is another one: it waits for its answer again. */
export const usePart = (): Act<string, HubAnswer<'mergeRecords'>> => {
  const { hub } = useCounty()
  const renew = useRenewed()
  return useAct(async (action, id: string) => {
    const answer = await hub.ask('mergeRecords', { body: { action, of: 'item', id, to: null } })
    if (answer.ok) renew()
    return answer
  })
}

const useRenewed = (): (() => void) => {
  const shelf = useContext(ShelfContext)
  return () => shelf.renew('provisionals ', 'item', 'stock ', 'discrepancies ', 'find', 'tags ')
}

/** The first words of every question that counts. */
const COUNTS = 'provisionals {"limit":1'
const AGAIN_MS = 15_000
