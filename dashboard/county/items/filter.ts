import type { ValidityView } from '@lotkeeper/protocol/api/hub-catalog.ts'
import type { ItemView } from '@lotkeeper/protocol/api/views.ts'

/** How the certificate of an item stands, as a list is narrowed by it. */
export type PaperState = 'ended' | 'ending' | 'holds' | 'none'

/** Whether an item is among those asked for: by class, by its certificate, by whether it is retired. */
export const belongs = (item: ItemView, choice: Readonly<Record<string, string>>, states: ReadonlyMap<string, ValidityView>): boolean => {
  const { class: wanted, paper, retired } = choice
  if (wanted && (item.class ?? 'none') !== wanted) return false
  if (paper && paperState(item, states) !== paper) return false
  return retired === 'all' || (item.retired === true) === (retired === 'yes')
}

const paperState = ({ certificate }: ItemView, states: ReadonlyMap<string, ValidityView>): PaperState => {
  if (certificate === undefined) return 'none'
  const state = states.get(certificate)?.state
  return state === 'ended' || state === 'ending' ? state : 'holds'
}
