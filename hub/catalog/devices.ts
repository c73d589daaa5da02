import type { DeviceView } from '@lotkeeper/protocol/api/hub-find.ts'
import type { ProvisionalView, SuggestionView } from '@lotkeeper/protocol/api/hub-provisionals.ts'
import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import { codesOf } from '@lotkeeper/protocol/rules/packs.ts'

/** Adds what the public device database knows of the codes of open items, unless the county's own catalogue has a code of them: that is the thing. */
export const withDevices = async (
  rows: readonly ProvisionalView[],
  device: (di: string) => Promise<DeviceView | Refusal>,
): Promise<ProvisionalView[]> => {
  const known = new Map<string, Promise<DeviceView | Refusal>>()
  const asked = (di: string): Promise<DeviceView | Refusal> => {
    const found = known.get(di) ?? device(di)
    known.set(di, found)
    return found
  }
  return Promise.all(
    rows.map(async (row) => {
      const { state, met, suggestions } = row
      if (state !== 'open' || met.is !== 'item' || suggestions.some(({ why }) => why === 'code')) return row
      const codes = met.packs.flatMap((level) => codesOf(level).map(({ code }) => code))
      const found = await Promise.all(codes.map(asked))
      return { ...row, suggestions: [...found.flatMap((one) => (isRefusal(one) ? [] : suggestionOf(one))), ...suggestions] }
    }),
  )
}

const suggestionOf = ({ di, name, model, maker }: DeviceView): SuggestionView => ({
  ...{ is: 'device', id: di, name: { zh: name, en: name }, why: 'code', score: 100 },
  detail: [model, maker]
    .filter((text) => text !== '')
    .join(' · ')
    .slice(0, DETAIL_LENGTH_MAX),
})
const DETAIL_LENGTH_MAX = 8_192
