import { type Say, useSayIn } from '../parts/language.ts'
import { SHARED_TEXTS } from '../parts/texts.ts'
import { ACT_TEXTS } from './acts-texts.ts'
import { DEVICE_TEXTS } from './devices-texts.ts'
import { OPENING_TEXTS } from './opening-texts.ts'
import { PEOPLE_TEXTS } from './people/texts.ts'
import { SCAN_TEXTS } from './scan-texts.ts'
import { TAG_TEXTS } from './tags-texts.ts'
import { STOCKROOM_TEXTS } from './texts.ts'

/** All the stockroom page says. */
export const ALL_TEXTS = {
  ...SHARED_TEXTS,
  ...STOCKROOM_TEXTS,
  ...ACT_TEXTS,
  ...DEVICE_TEXTS,
  ...OPENING_TEXTS,
  ...TAG_TEXTS,
  ...SCAN_TEXTS,
  ...PEOPLE_TEXTS,
} as const
export type StockroomSay = Say<typeof ALL_TEXTS>
export const useSay = (): StockroomSay => useSayIn(ALL_TEXTS)
