import { Icon } from '../../parts/icons.tsx'
import { HUB_PATHS } from '../../parts/routes.ts'

/** A table to download in either form. The browser itself fetches it: it may be long, and goes to where downloads go. */
export const FileLinks = ({ label, route, query, testId }: FileLinksLine) => (
  <span className="file-links">
    <span className="soft">{label}</span>
    {(['xlsx', 'csv'] as const).map((form) => (
      <a
        key={form}
        className="file-link"
        href={`${HUB_PATHS[route].path}?${new URLSearchParams({ ...query, form })}`}
        download
        aria-label={`${label} ${form.toUpperCase()}`}
        data-testid={`${testId}-${form}`}
      >
        <Icon name="in" size={16} />
        {form.toUpperCase()}
      </a>
    ))}
  </span>
)

interface FileLinksLine {
  readonly label: string
  readonly route: 'tableTemplate' | 'exportTable' | 'tableErrors'
  readonly query: Readonly<Record<string, string>>
  readonly testId: string
}
