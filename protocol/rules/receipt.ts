import type { RecordOf } from '../ledger/master.ts'
import type { CalendarDate } from '../names.ts'
import { type Refusal, type RefusalCode, refuse } from '../refusals.ts'
import { validityOf } from './validity.ts'

/** An item as its receipt is judged, with the papers its record names, as far as they are known. */
export interface Receivable {
  readonly item: Pick<RecordOf<'item'>, 'name' | 'retired' | 'promises'>
  readonly certificate: Pick<RecordOf<'certificate'>, 'number' | 'issued' | 'until'> | null
  readonly maker: Pick<RecordOf<'party'>, 'name' | 'licences'> | null
}

/**
 * What of an item's papers stands in the way of receiving it: it was given up, its certificate did not hold on the day it was made (today, where
 * nobody can tell that day), or a licence of its maker has ended (R36). A paper nobody recorded stands in nobody's way.
 */
export const judgePapers = (
  { item, certificate, maker }: Receivable,
  { today, produced }: { readonly today: CalendarDate; readonly produced: CalendarDate | null },
): readonly Refusal[] => {
  const found: Refusal[] = []
  const no = (code: RefusalCode, facts: Refusal['facts']) => found.push(named(item, code, facts))
  if (item.retired) no('rules.item-retired', {})
  if (certificate) {
    const day = produced ?? today
    const held = validityOf({ from: certificate.issued, until: certificate.until }, day)
    const { number } = certificate
    if (held.state === 'ended') no('rules.certificate-ended', { number, until: held.until, day })
    if (held.state === 'not-yet') no('rules.certificate-not-yet', { number, from: held.from, day })
  }
  const ended = maker && endedLicence(maker.licences, today)
  if (maker && ended) {
    const refusal = named(item, 'rules.licence-ended', { maker: maker.name.zh, number: ended.number, until: ended.until })
    found.push({ ...refusal, en: refusal.en.replace(maker.name.zh, maker.name.en || maker.name.zh) })
  }
  return found
}

/** What the label of the thing must bear, by its record. */
export type Promised = keyof NonNullable<Receivable['item']['promises']>

/** Whether everything the label promises is there; a refusal names what is not. */
export const judgeLabel = (item: Receivable['item'], said: Readonly<Record<Promised, boolean>>): Refusal | null => {
  const missing = PROMISED.filter((one) => item.promises?.[one] === true && !said[one])
  if (missing.length === 0) return null
  const words = (language: 'zh' | 'en') => missing.map((one) => PROMISED_WORDS[one][language]).join(language === 'zh' ? '、' : ', ')
  const zh = named(item, 'rules.label-incomplete', { missing: words('zh') })
  const en = named(item, 'rules.label-incomplete', { missing: words('en') })
  return { ...zh, en: en.en, facts: { ...zh.facts, missing: missing.join(' ') } }
}

const PROMISED: readonly Promised[] = ['lot', 'expiry', 'produced', 'serial']
const PROMISED_WORDS: Readonly<Record<Promised, { readonly zh: string; readonly en: string }>> = {
  lot: { zh: '批号', en: 'a lot number' },
  expiry: { zh: '有效期', en: 'an expiry date' },
  produced: { zh: '生产日期', en: 'a manufacture date' },
  serial: { zh: '序列号', en: 'a serial number' },
}

/** The refusal with the name of the item in both languages. */
const named = ({ name }: Receivable['item'], code: RefusalCode, facts: Refusal['facts']): Refusal => ({
  ...refuse(code, { ...facts, item: name.zh }),
  en: refuse(code, { ...facts, item: name.en || name.zh }).en,
})

/** Of several papers for the same right one that holds is enough; where all have ended, the one that ended last is named. */
const endedLicence = (licences: readonly RecordOf<'party'>['licences'][number][], today: CalendarDate) => {
  for (const rights of RIGHTS) {
    const held = licences.filter(({ kind }) => rights.includes(kind)).map((one) => ({ ...one, validity: validityOf(one, today) }))
    if (held.some(({ validity }) => validity.state === 'valid' || validity.state === 'ending')) continue
    const ended = held
      .filter(({ validity }) => validity.state === 'ended')
      .toSorted((one, other) => ((one.until ?? '') < (other.until ?? '') ? 1 : -1))
    if (ended[0]) return ended[0]
  }
  return null
}

/** To make things (a licence, or a filing for class I), and to be in business at all. */
const RIGHTS: readonly (readonly string[])[] = [['production', 'filing'], ['business']]
