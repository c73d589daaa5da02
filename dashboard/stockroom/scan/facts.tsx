import type { ScanView } from '@lotkeeper/protocol/api/node.ts'
import { daysBetween } from '@lotkeeper/protocol/rules/expiry.ts'
import { ExpiryMark } from '../../parts/expiry.tsx'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { useNodeState } from '../stockroom.ts'
import { useSay } from '../words.ts'

/** What a code says, line by line, and what this stockroom knows of the thing. An unknown code is explained, never swallowed. */
export const ScanFacts = ({ view }: { readonly view: ScanView }) => {
  const say = useSay()
  const { language } = useLanguage()
  return (
    <div className="facts" data-testid="scan-facts" data-known={view.item !== null}>
      {view.item && (
        <p className="facts-item">
          <b>{nameIn(view.item.name, language)}</b>
          <small>{view.item.model}</small>
        </p>
      )}
      {view.refused && (
        <div className="facts-refused" role="alert">
          <Icon name="unknown" size={30} />
          <span>
            <b>{language === 'zh' ? view.refused.zh : view.refused.en}</b>
            <small>{view.refused.code}</small>
            <small>{say(view.refused.code === 'stockroom.item-unknown' ? 'scan.unknown-hint' : 'scan.unreadable-hint')}</small>
          </span>
        </div>
      )}
      {view.expiry && <ExpiryOf view={view} />}
      <dl>
        {view.rows.map((row) => (
          <div key={`${row.zh} ${row.value}`}>
            <dt>{nameIn(row, language)}</dt>
            <dd className="mono">{row.value}</dd>
          </div>
        ))}
      </dl>
      {!view.item && <code className="facts-raw">{visible(view.scan)}</code>}
    </div>
  )
}

/** The mark of a scanned lot, by the site's own today. */
export const ExpiryOf = ({ view }: { readonly view: Pick<ScanView, 'expiry' | 'expiryState'> }) => {
  const today = useNodeState().value?.today
  const daysLeft = view.expiry && today ? daysBetween(today, view.expiry) : null
  return <ExpiryMark row={{ expiryState: view.expiryState, daysLeft }} />
}

/** A separator has no shape; it is shown as the sign the standard draws for it. */
const visible = (code: string): string => code.replaceAll('\u001d', '␝')
