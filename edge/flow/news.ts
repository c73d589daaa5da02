import { streamOfNode } from '@lotkeeper/protocol/names.ts'
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
  for (const { epoch, held, goesOnAt } of lacking(tips)) tellNews(house, { is: 'lost-tail', epoch, from: held + 1, upto: goesOnAt })
}
