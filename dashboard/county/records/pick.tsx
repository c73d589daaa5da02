import { Select } from 'antd'
import { useState } from 'react'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { useHub } from '../county.ts'
import { useSay } from '../words.ts'

/** Chooses another record by searching: what is chosen is its id. A field of a form, so value and change come from there. */
export const PickRecord = ({ of, value, onChange, name, without, ...rest }: PickLine) => {
  const say = useSay()
  const [search, setSearch] = useState('')
  const found = useFound(of, search)
  const options = found.options.filter((one) => one.value !== without)
  const known = value !== undefined && name !== undefined && !options.some((one) => one.value === value)
  return (
    <Select
      allowClear
      value={value ?? null}
      onChange={(chosen: string | null | undefined) => onChange?.(chosen ?? undefined)}
      showSearch={{ filterOption: false, onSearch: setSearch }}
      loading={found.asking}
      placeholder={say(`pick.${of}`)}
      notFoundContent={say(found.asking ? 'page.loading' : 'pick.none')}
      options={known ? [{ value, label: name }, ...options] : options}
      style={{ width: '100%' }}
      {...rest}
    />
  )
}

interface PickLine {
  readonly of: 'item' | 'party' | 'manufacturer' | 'certificate'
  readonly id?: string
  readonly value?: string | undefined
  readonly onChange?: (id: string | undefined) => void
  /** What the chosen one is called, where it is not among what was found. */
  readonly name?: string | undefined
  /** One that cannot be chosen. */
  readonly without?: string
  readonly autoFocus?: boolean
  readonly 'data-testid'?: string
}

const useFound = (of: PickLine['of'], search: string) => {
  const { language } = useLanguage()
  const asked = { limit: FOUND_MAX, ...(search === '' ? {} : { search }) }
  const isSearched = of === 'item' && search.trim() !== ''
  const items = useHub('items', of === 'item' && !isSearched ? { limit: FOUND_MAX, retired: false } : null)
  // By any name, pinyin, code or model: what the box finds that finds everything.
  const found = useHub('find', isSearched ? { text: search.trim(), limit: FOUND_MAX } : null)
  const role = of === 'manufacturer' ? { role: 'manufacturer' as const } : {}
  const parties = useHub('parties', of === 'party' || of === 'manufacturer' ? { ...asked, ...role, retired: false } : null)
  const certificates = useHub('certificates', of === 'certificate' ? { ...asked, retired: false } : null)
  const options = [
    ...(found.value?.rows ?? [])
      .filter(({ is }) => is === 'item')
      .map(({ id, title, detail }) => ({ value: id, label: `${nameIn(title, language)} ${detail} · ${id}` })),
    ...(items.value?.rows ?? []).map((row) => ({ value: row.item, label: `${nameIn(row.name, language)} ${row.model} · ${row.item}` })),
    ...(parties.value?.rows ?? []).map((row) => ({ value: row.id, label: `${nameIn(row.name, language)} · ${row.id}` })),
    ...(certificates.value?.rows ?? []).map((row) => ({ value: row.id, label: `${row.number} · ${row.id}` })),
  ]
  return { options, asking: items.asking || found.asking || parties.asking || certificates.asking }
}

const FOUND_MAX = 50
