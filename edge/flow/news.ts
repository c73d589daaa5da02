import { streamOfNode } from '@lotkeeper/protocol/names.ts'
import type { Salvaged } from '../ledger/salvage.ts'
import type { UplinkNews } from '../uplink/news.ts'
import { lacking } from '../uplink/tips.ts'
import type { House } from './house.ts'

/** What the line, the log and a salvaged file showed: on record, and on the board where a person must see to it. */
export const tellNews = ({ parts, alarms }: House, news: UplinkNews): void => {
  parts.log.error({ ...news }, 'something came to light that a person should see')
  alarms.news(news)
}

/** Own history whose middle is missing since the file was salvaged, and which the hub has not given back yet. */
export const tellLacking = (house: House): void => {
  const tips = house.ledger.exchange.tips([streamOfNode(house.settings.node)])
  for (const { tip, goesOnAt } of lacking(tips)) tellNews(house, { is: 'lost-tail', epoch: tip.epoch, from: tip.held + 1, upto: goesOnAt })
}

/** A damaged file was set aside: what of it is known to be missing is named, the rest the hub will name. */
export const tellSalvaged = (house: House, { aside, entries, lost }: Salvaged): void => {
  house.parts.log.error(
    { aside, entries, lost: lost.length },
    'the ledger file was damaged and set aside; what could be read was carried over',
  )
  for (const span of lost) tellNews(house, { is: 'lost-tail', ...span })
}
