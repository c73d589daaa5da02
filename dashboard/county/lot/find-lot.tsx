import { AutoComplete, Input } from 'antd'
import { useEffect, useState } from 'react'
import { expiryWords } from '../../parts/expiry.tsx'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { goTo } from '../../parts/route.ts'
import { useHub } from '../county.ts'
import { useSay } from '../words.ts'

/** Finds a lot by its number or by its item's name. */
export const FindLot = ({ lot }: { readonly lot: string | null }) => {
  const say = useSay()
  const { language } = useLanguage()
  const [typed, setTyped] = useState('')
  const search = usePaused(typed.trim())
  const found = useHub('stock', search === '' ? null : { search, limit: 60 })
  const lots = new Map((found.value?.rows ?? []).map((row) => [row.lot, row]))
  const options = [...lots.values()].slice(0, OPTIONS_MAX).map((row) => ({
    value: row.lot,
    label: (
      <span className="find-option">
        <b>{nameIn(row.itemName, language)}</b>
        <span className="mono">{row.lotNumber}</span>
        <small className="soft">
          {row.expiry ?? ''} {expiryWords(row, say)}
        </small>
      </span>
    ),
  }))
  const open = (key: string): void => {
    setTyped('')
    goTo('lot', { lot: key })
  }
  return (
    <span className="search-box search-wide">
      <AutoComplete
        value={typed}
        options={options}
        onSearch={setTyped}
        onSelect={open}
        notFoundContent={search !== '' && !found.asking ? say('lot.not-found') : null}
        style={{ width: '100%' }}
      >
        <Input
          prefix={<Icon name="search" size={16} />}
          placeholder={lot ?? say('lot.search')}
          aria-label={say('lot.search')}
          data-testid="search"
          onPressEnter={() => {
            // A key typed or scanned whole is opened even when nothing of it is in stock any more.
            if (typed.includes('/') && options.length === 0) open(typed.trim())
          }}
        />
      </AutoComplete>
    </span>
  )
}

const usePaused = (text: string): string => {
  const [paused, setPaused] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setPaused(text), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text])
  return paused
}

const OPTIONS_MAX = 12
const PAUSE_MS = 250
