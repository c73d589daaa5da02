import type { ScanView } from '@lotkeeper/protocol/api/node.ts'
import type { ReactNode } from 'react'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { hrefOf } from '../../parts/route.ts'
import { ExpiryOf } from '../scan/facts.tsx'
import { usePlaceWords } from '../stockroom.ts'
import { useSay } from '../words.ts'

/** What this node knows of the thing a code names: item, pack and its units, the lot, where how much of it stands. */
export const Known = ({ scan }: { readonly scan: ScanView }) => {
  const say = useSay()
  const { language } = useLanguage()
  const words = usePlaceWords()
  const { item } = scan
  const unit = item ? nameIn(item.unit, language) : ''
  const sum = (units: number): string => `${numberText(units)} ${unit}`
  return (
    <section className="card look-known" data-testid="look-known" data-item={item?.item ?? ''}>
      <h2>{say('look.known')}</h2>
      <dl>
        <Row label={say('look.item')}>
          {item ? (
            <>
              <b>{nameIn(item.name, language)}</b> <small>{item.model}</small>
            </>
          ) : (
            say('look.item-unknown')
          )}
        </Row>
        {item && (
          <Row label={say('look.pack')}>
            {scan.pack !== null && scan.packUnits !== null
              ? say('look.pack-units', { pack: scan.pack, n: numberText(scan.packUnits), unit })
              : say('look.pack-none')}
          </Row>
        )}
        {item && (
          <Row label={say('lot.number')}>{scan.lotNumber ? <span className="mono">{scan.lotNumber}</span> : say('look.no-lot')}</Row>
        )}
        {scan.expiry && (
          <Row label={say('lot.expiry')}>
            {scan.expiry} <ExpiryOf view={scan} />
          </Row>
        )}
        {scan.lot && (
          <Row label={say('look.stock')}>
            {scan.stock.length === 0 && say('look.stock-none')}
            {scan.stock.map(({ place, units }) => (
              <span key={place} className="look-place">
                {words(place).whole} <b>{sum(units)}</b>
              </span>
            ))}
          </Row>
        )}
        {scan.expected > 0 && <Row label={say('look.expected')}>{sum(scan.expected)}</Row>}
      </dl>
      {scan.refused && (
        <div className="facts-refused" role="alert">
          <Icon name="unknown" size={30} />
          <span>
            <b>{nameIn(scan.refused, language)}</b>
            {scan.refused.code === 'stockroom.item-unknown' && <small>{say('scan.unknown-hint')}</small>}
          </span>
        </div>
      )}
      {(item || scan.refused?.code === 'stockroom.item-unknown') && (
        <a className="wide-button quiet" href={hrefOf('receive', { code: scan.scan })} data-testid="look-receive">
          <Icon name="in" size={24} />
          {say('look.receive')}
        </a>
      )}
    </section>
  )
}

const Row = ({ label, children }: { readonly label: string; readonly children: ReactNode }) => (
  <div>
    <dt>{label}</dt>
    <dd>{children}</dd>
  </div>
)
