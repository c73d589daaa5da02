import { Input } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { Icon } from '../../parts/icons.tsx'

/** A search that waits until the typing pauses; Enter searches at once, Esc empties it. */
export const SearchBox = ({
  value,
  onSearch,
  placeholder,
}: {
  readonly value: string
  readonly onSearch: (text: string) => void
  readonly placeholder: string
}) => {
  const [typed, setTyped] = useState(value)
  const latest = useRef(onSearch)
  latest.current = onSearch
  useEffect(() => setTyped(value), [value])
  useEffect(() => {
    if (typed.trim() === value) return
    const timer = setTimeout(() => latest.current(typed.trim()), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [typed, value])
  return (
    <span className="search-box">
      <Input
        allowClear
        value={typed}
        maxLength={100}
        prefix={<Icon name="search" size={16} />}
        placeholder={placeholder}
        aria-label={placeholder}
        data-testid="search"
        onChange={(event) => setTyped(event.target.value)}
        onPressEnter={() => onSearch(typed.trim())}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setTyped('')
        }}
      />
    </span>
  )
}

const PAUSE_MS = 300
