import type { HubQuery } from '@lotkeeper/protocol/api/hub.ts'
import { Input, Select } from 'antd'
import { Icon } from '../../parts/icons.tsx'
import { useLanguage } from '../../parts/language.ts'
import { HUB_PATHS } from '../../parts/routes.ts'
import { SearchBox } from '../parts/search-box.tsx'
import { SitePick } from '../stock/page.tsx'
import { useSay } from '../words.ts'
import { actText, KNOWN_ACTS } from './acts.ts'

/** What narrows the audit, and what is found as a file. */
export const AuditFilters = ({ choice, sought, onChoose }: FiltersLine) => {
  const say = useSay()
  const { language } = useLanguage()
  const acts = KNOWN_ACTS.map((value) => ({ value: value as string, label: actText(value, language) }))
  const outcomes = (['ok', 'refused'] as const).map((value) => ({ value: value as string, label: say(`audit.${value}`) }))
  return (
    <div className="filters audit-filters">
      <SearchBox value={choice['search'] ?? ''} onSearch={(search) => onChoose({ search })} placeholder={say('audit.search')} />
      <Select
        value={choice['act'] ?? ''}
        options={[{ value: '', label: say('audit.act-any') }, ...acts]}
        onChange={(act) => onChoose({ act })}
        showSearch={{ optionFilterProp: 'label' }}
        aria-label={say('audit.act')}
        data-testid="audit-act"
      />
      <Select
        value={choice['outcome'] ?? ''}
        options={[{ value: '', label: say('audit.outcome-any') }, ...outcomes]}
        onChange={(outcome) => onChoose({ outcome })}
        aria-label={say('audit.outcome')}
        data-testid="audit-outcome"
      />
      <SitePick value={choice['site']} onPick={(site) => onChoose({ site })} />
      <IdField name="who" label={say('audit.who-any')} choice={choice} onChoose={onChoose} />
      <IdField name="subject" label={say('audit.subject-any')} choice={choice} onChoose={onChoose} />
      {(['from', 'to'] as const).map((name) => (
        <span key={name} className="audit-day">
          <span className="soft">{say(`audit.${name}`)}</span>
          <Input
            type="date"
            value={choice[name] ?? ''}
            onChange={(event) => onChoose({ [name]: event.target.value })}
            aria-label={say(`audit.${name}`)}
            className="day-field"
            data-testid={`audit-${name}`}
          />
        </span>
      ))}
      <span className="file-links audit-export">
        <span className="soft">{say('audit.export')}</span>
        {(['csv', 'ndjson'] as const).map((form) => (
          <a
            key={form}
            className="file-link"
            href={`${HUB_PATHS.auditExport.path}?${new URLSearchParams({ ...(sought as Record<string, string>), form })}`}
            download
            data-testid={`audit-export-${form}`}
          >
            <Icon name="in" size={16} />
            {form.toUpperCase()}
          </a>
        ))}
      </span>
    </div>
  )
}

/** What the page asks for. */
export type Sought = Omit<HubQuery<'audit'>, 'cursor' | 'limit'>

interface FiltersLine {
  readonly choice: Readonly<Record<string, string>>
  readonly sought: Sought
  readonly onChoose: (next: Readonly<Record<string, string | undefined>>) => void
}

/** An id is whole or it is none: it is looked for when it is finished. */
const IdField = ({
  name,
  label,
  choice,
  onChoose,
}: Omit<FiltersLine, 'sought'> & { readonly name: 'who' | 'subject'; readonly label: string }) => (
  <Input
    key={choice[name] ?? ''}
    allowClear
    defaultValue={choice[name] ?? ''}
    maxLength={name === 'who' ? 64 : 200}
    placeholder={label}
    aria-label={label}
    className="audit-id"
    onClear={() => onChoose({ [name]: undefined })}
    onPressEnter={(event) => onChoose({ [name]: event.currentTarget.value.trim() })}
    onBlur={(event) => onChoose({ [name]: event.currentTarget.value.trim() })}
    data-testid={`audit-${name}`}
  />
)
