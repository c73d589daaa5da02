import type { HubAnswer } from '@lotkeeper/protocol/api/hub.ts'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { hrefOf } from '../../parts/route.ts'
import { useHub } from '../county.ts'
import { Sheet } from '../parts/sheet.tsx'
import { useSay } from '../words.ts'
import { FileLinks } from './file-links.tsx'

/** Everything as tables, and where the other import stands: a newcomer finds both in one place. */
export const ExportSheet = () => {
  const say = useSay()
  const kinds = useHub('tableKinds')
  return (
    <div className="imports-beside">
      <Sheet title={say('tables.out')} hint={say('tables.out-hint')}>
        <ul className="export-lines">
          <ExportLines kinds={kinds.value?.rows ?? []} />
        </ul>
        <small className="export-only faint">{say('tables.out-only')}</small>
        <ul className="export-lines">
          <ExportLines kinds={kinds.value?.out ?? []} />
        </ul>
      </Sheet>
      <Sheet title={say('tables.database')}>
        <div className="database">
          <p className="soft">{say('tables.database-hint')}</p>
          <a className="plain-button" href={hrefOf('reference')} data-testid="to-reference">
            <Icon name="book" size={18} />
            {say('tables.database-open')}
          </a>
        </div>
      </Sheet>
    </div>
  )
}

const ExportLines = ({ kinds }: { readonly kinds: HubAnswer<'tableKinds'>['out'] }) => {
  const { language } = useLanguage()
  return kinds.map(({ kind, name }) => (
    <li key={kind}>
      <FileLinks label={nameIn(name, language)} route="exportTable" query={{ kind }} testId={`export-${kind}`} />
    </li>
  ))
}
